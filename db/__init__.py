"""What is true: tables on one page, one file of statements for each feature word, and the migrations."""

// The shape of rows that are on their way.
import { Hidden } from '../ui/hidden';
import styles from './placeholders.module.css';

export const Placeholders = ({ label }: { label: string }) => (
  <div className={styles.placeholders} role="status">
    <Hidden>{label}</Hidden>
    {Array.from({ length: 6 }, (_, index) => (
      <div className={styles.row} key={index} aria-hidden="true">
        <span className={styles.round} />
        <span className={styles.lines} />
      </div>
    ))}
  </div>
);

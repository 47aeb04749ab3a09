"""The examples in deploy/, validated as files: nothing here runs a container, a proxy or a service manager."""

// Words for those who listen, where others see a picture.
import type { ReactNode } from 'react';
import styles from './hidden.module.css';

export const Hidden = ({ children }: { children: ReactNode }) => <span className={styles.hidden}>{children}</span>;

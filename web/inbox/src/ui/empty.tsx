// Nothing is here, and why.
import type { ReactNode } from 'react';
import styles from './empty.module.css';
import { Icon, type IconName } from './icon';

interface Props {
  icon: IconName;
  title: string;
  detail?: string;
  children?: ReactNode;
}

export function Empty({ icon, title, detail, children }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.picture}>
        <Icon name={icon} size={28} />
      </span>
      <p className={styles.title}>{title}</p>
      {detail && <p className={styles.detail}>{detail}</p>}
      {children}
    </div>
  );
}

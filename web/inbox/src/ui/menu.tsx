// A menu behind a button: arrow keys go through it, Escape and a click elsewhere close it.
import { createContext, use, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ButtonHTMLAttributes, KeyboardEvent, ReactNode } from 'react';
import { placeBeside } from './floating';
import { Icon, type IconName } from './icon';
import styles from './menu.module.css';

interface MenuProps {
  label: string;
  button: ReactNode;
  /** floating: wherever there is room, above everything; for a button in what scrolls. */
  side?: 'above' | 'below' | 'floating';
  className?: string;
  tabIndex?: number;
  children: ReactNode;
}

const CloseContext = createContext<() => void>(() => undefined);

export function Menu({ label, button, side = 'below', className = '', tabIndex, children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const isFloating = side === 'floating';

  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };

  useLayoutEffect(() => {
    if (!isOpen || !isFloating || !opener.current || !menu.current) return;
    return placeBeside(opener.current, menu.current, () => setOpen(false));
  }, [isOpen, isFloating]);

  useEffect(() => {
    if (!isOpen) return;
    items(root.current)[0]?.focus();
    const leave = (event: Event): void => {
      if (!event.composedPath().includes(root.current as EventTarget)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) return;
    const all = items(root.current);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape') close();
    else if (step !== undefined) move(all, step);
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.root} ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={opener}
        className={`${styles.opener} ${className}`}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        tabIndex={tabIndex}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <div
          ref={menu}
          className={`${styles.menu} ${styles[side]}`}
          role="menu"
          id={id}
          aria-label={label}
          popover={isFloating ? 'manual' : undefined}
        >
          <CloseContext value={close}>{children}</CloseContext>
        </div>
      )}
    </div>
  );
}

const items = (root: HTMLElement | null): HTMLElement[] =>
  root ? [...root.querySelectorAll<HTMLElement>('[role^=menuitem]')] : [];

function move(all: HTMLElement[], step: number): void {
  const here = all.findIndex((one) => one.matches(':focus'));
  all[(here + step + all.length) % all.length]?.focus();
}

interface ActionProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> {
  onChoose: () => void;
}

/** Whatever closes the menu and does something, whatever it looks like. */
export function MenuAction({ onChoose, ...rest }: ActionProps) {
  const close = use(CloseContext);
  const choose = (): void => {
    close();
    onChoose();
  };
  return <button type="button" role="menuitem" tabIndex={-1} onClick={choose} {...rest} />;
}

interface ItemProps {
  icon?: IconName;
  isDanger?: boolean;
  onChoose: () => void;
  children: ReactNode;
}

export const MenuItem = ({ icon, isDanger, onChoose, children }: ItemProps) => (
  <MenuAction className={styles.item} data-danger={isDanger || undefined} onChoose={onChoose}>
    {icon && <Icon name={icon} size={18} />}
    {children}
  </MenuAction>
);

interface ChoiceProps {
  isChosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}

/** One of several: the menu stays, so that one sees what it does. */
export function MenuChoice({ isChosen, onChoose, children }: ChoiceProps) {
  return (
    <button type="button" role="menuitemradio" aria-checked={isChosen} tabIndex={-1} className={styles.item} onClick={onChoose}>
      <span className={styles.chosen}>{isChosen && <Icon name="check" size={16} />}</span>
      {children}
    </button>
  );
}

export const MenuTitle = ({ title, detail }: { title: string; detail: string }) => (
  <div className={styles.title} role="presentation">
    <strong dir="auto">{title}</strong>
    <span>{detail}</span>
  </div>
);

export const MenuSeparator = ({ label }: { label?: string }) => (
  <div className={label ? styles.heading : styles.separator} role="presentation">
    {label}
  </div>
);

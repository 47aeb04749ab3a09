// Where one can go, and who one is.
import { hasDemo, signOut } from '../api/identity';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { useCounts } from '../conversations/counts';
import { useWords } from '../i18n/language';
import { useIsStaff } from '../staff/staff-place';
import { Avatar } from '../ui/avatar';
import { Hidden } from '../ui/hidden';
import { Icon, type IconName } from '../ui/icon';
import { Menu, MenuChoice, MenuItem, MenuSeparator, MenuTitle } from '../ui/menu';
import { Link, useNavigation } from './navigation';
import styles from './places.module.css';
import { language, theme, type Theme } from './preferences';
import type { Route } from './routes';
import { words } from './words';

export function Places() {
  const w = useWords(words);
  const { route } = useNavigation();
  const isStaff = useIsStaff();
  const { unreadConversations } = useCounts();
  const isAtStaff = route.at === 'staff' || route.at === 'staff-thread';
  return (
    <nav className={styles.places} aria-label={w.places}>
      <span className={styles.mark} aria-hidden="true">
        <Icon name="chat" size={22} />
      </span>
      <Place to={{ at: 'home' }} icon="inbox" label={w.inbox} isHere={route.at !== 'market' && !isAtStaff} count={unreadConversations} />
      {hasDemo() && <Place to={{ at: 'market' }} icon="market" label={w.market} isHere={route.at === 'market'} />}
      {isStaff && <Place to={{ at: 'staff', tab: 'reports' }} icon="person" label={w.staff} isHere={isAtStaff} />}
      <span className={styles.gap} />
      <Self />
    </nav>
  );
}

interface PlaceProps {
  to: Route;
  icon: IconName;
  label: string;
  isHere: boolean;
  count?: number;
}

function Place({ to, icon, label, isHere, count = 0 }: PlaceProps) {
  const w = useWords(words);
  return (
    <Link to={to} className={styles.place} aria-current={isHere ? 'page' : undefined}>
      <span className={styles.icon}>
        <Icon name={icon} size={22} />
        {count > 0 && (
          <span className={styles.count} title={w.unread(count)}>
            <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
            <Hidden>{w.unread(count)}</Hidden>
          </span>
        )}
      </span>
      <span className={styles.label}>{label}</span>
    </Link>
  );
}

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

function Self() {
  const w = useWords(words);
  const viewer = useStore(useSession().viewer);
  const chosenTheme = useStore(theme);
  const chosenLanguage = useStore(language);
  const { go } = useNavigation();
  const name = viewer?.user.name ?? '';
  return (
    <Menu
      label={w.settings}
      side="above"
      className={styles.self}
      button={<Avatar name={name} seed={viewer?.user.externalId ?? ''} url={viewer?.user.avatarUrl} size={36} />}
    >
      <MenuTitle title={name} detail={viewer?.user.roles.join(', ') ?? ''} />
      <MenuSeparator label={w.theme} />
      {THEMES.map((one) => (
        <MenuChoice key={one} isChosen={one === chosenTheme} onChoose={() => theme.set(one)}>
          {w[one]}
        </MenuChoice>
      ))}
      <MenuSeparator label={w.language} />
      <MenuChoice isChosen={chosenLanguage === 'en'} onChoose={() => language.set('en')}>
        English
      </MenuChoice>
      <MenuChoice isChosen={chosenLanguage === 'de'} onChoose={() => language.set('de')}>
        Deutsch
      </MenuChoice>
      <MenuSeparator />
      <MenuItem
        icon="signOut"
        onChoose={() => {
          // Whoever signs in next may not know where this one was.
          go({ at: 'home' }, { replace: true });
          signOut();
        }}
      >
        {w.signOut}
      </MenuItem>
    </Menu>
  );
}

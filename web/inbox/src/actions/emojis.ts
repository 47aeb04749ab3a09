// A few emoji: six at hand, and those that people who buy, sell, ride and book have a use for.
export const AT_HAND = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

export const MORE = [
  '😀', '😄', '😅', '😊', '🙂', '😉', '😍', '🥰',
  '😎', '🤔', '😐', '🙄', '😬', '😴', '😭', '😡',
  '👎', '👌', '👏', '🙌', '💪', '🤝', '👋', '🤞',
  '✅', '❌', '❓', '❗', '💯', '🔥', '✨', '🎉',
  '💰', '📦', '📍', '📷', '📞', '⏰', '📅', '🔑',
  '🚗', '🚲', '🚚', '🏠', '🛋️', '🪑', '☕', '🌞',
] as const;

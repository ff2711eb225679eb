// Light, dark, or as the system has it.

import { useEffect, useState } from 'preact/hooks';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const kKey = 'stsim-theme';

/** What was chosen before. Pages opened from files may not be allowed to keep anything. */
function remembered(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(kKey)) ?? 'system';
  } catch {
    return 'system';
  }
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    try {
      localStorage.setItem(kKey, theme);
    } catch {
      // Then it is forgotten with the page.
    }
  }, [theme]);
  return (
    <label class="theme">
      Theme{' '}
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
        {themes.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '@/components/ui/button-class'
import { Menu } from '@/components/ui/menu'
import type { MenuEntry } from '@/components/ui/menu-popup'
import { rememberPreference } from '@/lib/i18n/client'
import { type Theme, themeCookie, themes } from '@/lib/i18n/locale'
import { useTranslations } from '@/lib/i18n/translations'
import { useViewer } from './me'

const icons = { system: <Monitor />, light: <Sun />, dark: <Moon /> }
const names = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const

/** Entries to choose the theme, for its own menu and, on small screens, the operator's. */
export function useThemeEntries(): { theme: Theme; entries: MenuEntry[] } {
  const t = useTranslations('shell')
  const [theme, setTheme] = useState(useViewer().theme)
  const entries = themes.map((one) => ({
    key: one,
    text: t(names[one]),
    icon: icons[one],
    checked: one === theme,
    onSelect: () => {
      rememberPreference(themeCookie, one)
      document.documentElement.dataset.theme = one
      setTheme(one)
    },
  }))
  return { theme, entries }
}

export function ThemeMenu() {
  const t = useTranslations('shell')
  const { theme, entries } = useThemeEntries()
  return (
    <Menu
      label={t('theme')}
      entries={entries}
      triggerClass={buttonClass({ variant: 'quiet', size: 'icon' })}
      align="end"
    >
      {icons[theme]}
    </Menu>
  )
}

'use client'

import { Menu } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '@/components/ui/button'
import { Drawer } from '@/components/ui/dialog'
import { useTranslations } from '@/lib/i18n/translations'
import { DrawerNavigation } from './navigation'

export function MenuButton() {
  const t = useTranslations('shell')
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton label={t('menu')} className="md:hidden" onClick={() => setOpen(true)}>
        <Menu />
      </IconButton>
      <Drawer open={open} onOpenChange={setOpen} label={t('nav')} closeLabel={t('closeMenu')}>
        <DrawerNavigation onNavigate={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { ProblemError } from '../api/client.ts'
import { useProgress } from '../api/progress.ts'
import { me, status } from '../api/queries.ts'
import type { Me } from '../api/types.ts'
import { basePath } from '../base.ts'
import { Loading } from '../parts/Empty.tsx'
import { MoonIcon, SearchIcon, SunIcon } from '../parts/icons.tsx'
import { Problem } from '../parts/Problem.tsx'
import { KeysHelp } from './KeysHelp.tsx'
import { Palette } from './Palette.tsx'
import { ProgressBanner } from './ProgressBanner.tsx'
import { SignInNeeded } from './SignInNeeded.tsx'
import { useGlobalKeys } from './useGlobalKeys.ts'

type Dialog = 'keys' | 'palette' | null

/** The frame of every screen. Nothing is asked of the server before it is clear who asks. */
export function Shell() {
  const who = useQuery(me)
  const [dialog, setDialog] = useState<Dialog>(null)
  useGlobalKeys(setDialog)
  useProgress(who.isSuccess)
  const unknown = who.error instanceof ProblemError && who.error.status === 401
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <TopBar me={who.data} open={setDialog} />
      <main className="page" id="main" tabIndex={-1}>
        {unknown ? <SignInNeeded /> : null}
        {who.error && !unknown ? <Problem error={who.error} retry={() => void who.refetch()} /> : null}
        {who.isPending ? <Loading what="the console" /> : null}
        {who.isSuccess ? (
          <>
            <ProgressBanner />
            <Outlet />
          </>
        ) : null}
      </main>
      {who.data ? <StoreBar me={who.data} /> : null}
      <KeysHelp opened={dialog === 'keys'} close={() => setDialog(null)} />
      <Palette opened={dialog === 'palette'} close={() => setDialog(null)} />
    </div>
  )
}

function TopBar({ me, open }: { readonly me: Me | undefined; readonly open: (dialog: Dialog) => void }) {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const own = basePath(location.pathname) === '/own'
  return (
    <header className="topbar">
      <Link to="/network" className="brand">
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M10 9l5.5 3.200v6.600L10 22l-5.5-3.200v-6.600z" fill="#ff9055" />
          <path d="M20 3l-4 26" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
          <circle cx="26" cy="10" r="3.4" fill="#6bb4ff" />
          <circle cx="25" cy="22" r="3.4" fill="#6bb4ff" />
        </svg>
        Firebreak
      </Link>
      {me?.instance.demo ? (
        <span className="badge demo" title="A made-up platform. Nothing here is about real people.">
          DEMO
        </span>
      ) : null}
      {own ? <span className="badge demo">YOUR DATA</span> : null}
      {me ? (
        <nav className="nav" aria-label="Screens">
          <Link to="/network">Network</Link>
          <Link to="/guardrail">Guardrail</Link>
          <Link to="/own-data">Your own data</Link>
          {own ? <a href="../">Back to the demo</a> : null}
        </nav>
      ) : null}
      <span className="grow" />
      {me ? (
        <button type="button" className="tool search" onClick={() => open('palette')}>
          <SearchIcon /> Find an account <kbd>Ctrl K</kbd>
        </button>
      ) : null}
      <button
        type="button"
        className="tool"
        aria-label={scheme === 'dark' ? 'Light colours' : 'Dark colours'}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
      <button type="button" className="tool" aria-label="Show the keys" onClick={() => open('keys')}>
        <kbd>?</kbd>
      </button>
    </header>
  )
}

function StoreBar({ me }: { readonly me: Me }) {
  const { data } = useQuery(status)
  const { store, version } = me.instance
  const about = store.kind === 'embedded' ? 'Embedded store: evaluation and small servers' : 'PostgreSQL store'
  return (
    <footer className="storebar">
      <span className="badge" title={store.durable}>
        {about}
      </span>
      {data ? (
        <span className="num">
          {data.counts.accounts.toLocaleString('en-US')} accounts · {data.counts.edges.toLocaleString('en-US')} links ·{' '}
          {data.counts.events.toLocaleString('en-US')} events
        </span>
      ) : null}
      <span className="grow" />
      <span>
        {me.user.name} ({me.user.roles.join(', ')})
      </span>
      <span>Firebreak {version}</span>
    </footer>
  )
}

import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  useParams,
  useSearch,
} from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { FirstScreen } from './network/FirstScreen.tsx'
import { NetworkPage } from './network/NetworkPage.tsx'
import { readView } from './network/view.ts'
import { Loading } from './parts/Empty.tsx'
import { Shell } from './shell/Shell.tsx'

// The other screens come when they are asked for: the first load stays small.
const GuardrailPage = lazy(() => import('./guardrail/GuardrailPage.tsx').then((m) => ({ default: m.GuardrailPage })))
const OwnPage = lazy(() => import('./own/OwnPage.tsx').then((m) => ({ default: m.OwnPage })))

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: () => <Navigate to="/network" /> })

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: () => <Navigate to="/network" replace />,
})

const firstRoute = createRoute({ getParentRoute: () => rootRoute, path: '/network', component: FirstScreen })

const networkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/network/$id',
  validateSearch: readView,
  component: function NetworkRoute() {
    const { id } = useParams({ from: '/network/$id' })
    const view = useSearch({ from: '/network/$id' })
    return <NetworkPage key={id} id={id} view={view} />
  },
})

const guardrailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/guardrail',
  validateSearch: (search: Record<string, unknown>): { recommender?: string } =>
    typeof search.recommender === 'string' ? { recommender: search.recommender } : {},
  component: function GuardrailRoute() {
    const { recommender } = useSearch({ from: '/guardrail' })
    return (
      <Suspense fallback={<Loading what="the guardrail" />}>
        <GuardrailPage recommender={recommender ?? null} />
      </Suspense>
    )
  },
})

const ownRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/own-data',
  component: () => (
    <Suspense fallback={<Loading what="this page" />}>
      <OwnPage />
    </Suspense>
  ),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([startRoute, firstRoute, networkRoute, guardrailRoute, ownRoute]),
  history: createHashHistory(),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

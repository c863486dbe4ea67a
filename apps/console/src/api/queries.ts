import { QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemError, request } from './client.ts'
import type {
  ApiKey,
  ImportReport,
  Mark,
  Me,
  NetworkDocument,
  NetworkSummary,
  ProbeRun,
  ProbeSummary,
  Status,
} from './types.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
    },
  },
})

export const me = queryOptions({ queryKey: ['me'], queryFn: () => request<Me>('/v1/me'), staleTime: 60_000 })

export const status = queryOptions({
  queryKey: ['status'],
  queryFn: () => request<Status>('/v1/status'),
  refetchInterval: 5_000,
})

export const networks = queryOptions({
  queryKey: ['networks'],
  queryFn: async () => (await request<{ networks: NetworkSummary[] }>('/v1/networks')).networks,
  refetchInterval: ({ state }) =>
    state.data?.some((n) => n.status === 'running') || !state.data?.length ? 1_500 : 10_000,
})

export const network = (id: string) =>
  queryOptions({
    queryKey: ['network', id],
    queryFn: () => request<NetworkDocument>(`/v1/networks/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 800 : false),
  })

export const probes = queryOptions({
  queryKey: ['probes'],
  queryFn: async () => (await request<{ runs: ProbeSummary[] }>('/v1/probes')).runs,
  refetchInterval: ({ state }) =>
    state.data?.some((run) => run.status === 'running') || !state.data?.length ? 2_000 : 15_000,
})

export const probe = (id: string) =>
  queryOptions({
    queryKey: ['probe', id],
    queryFn: () => request<ProbeRun>(`/v1/probes/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 1_000 : false),
  })

export const importReport = (id: string) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: () => request<ImportReport>(`/v1/imports/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data?.finished ? false : 700),
  })

export const apiKeys = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async () => (await request<{ keys: ApiKey[] }>('/v1/api-keys')).keys,
})

export interface NewNetwork {
  readonly seeds?: readonly string[]
  readonly benign?: readonly string[]
  readonly name?: string
  readonly randomSeeds?: number
  /** Number of a draw of random seeds, to see the same accounts again. */
  readonly draw?: number
}

/** Starts mapping; the answer is the id under which the network is being made. */
export function useMapNetwork() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (query: NewNetwork) => request<{ id: string }>('/v1/networks', { method: 'POST', body: query }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['networks'] }),
  })
}

/** Applies or takes back the labels of a network; both can be repeated without harm. */
export function useLabels(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (apply: boolean) => {
      const path = `/v1/networks/${encodeURIComponent(id)}/labels`
      if (apply)
        return { apply, count: (await request<{ applied: number }>(path, { method: 'POST', body: {} })).applied }
      return { apply, count: (await request<{ retracted: number }>(path, { method: 'DELETE' })).retracted }
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['network', id] }),
        client.invalidateQueries({ queryKey: ['status'] }),
      ]),
  })
}

export function useMark(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { account: string; mark: Mark }) =>
      request<NetworkDocument | undefined>(`/v1/networks/${encodeURIComponent(id)}/marks`, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['network', id] }),
  })
}

export function useGuard() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { on: boolean; threshold: number }) => request<unknown>('/v1/guard', { method: 'PUT', body }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['status'] }),
        client.invalidateQueries({ queryKey: ['guard'] }),
      ]),
  })
}

export const guard = queryOptions({
  queryKey: ['guard'],
  queryFn: () => request<{ on: boolean; threshold: number }>('/v1/guard'),
})

export function useProbe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (recommender: string) =>
      request<{ id: string }>('/v1/probes', { method: 'POST', body: { recommender } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['probes'] }),
  })
}

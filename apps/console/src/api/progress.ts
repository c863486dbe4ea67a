import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { basePath } from '../base.ts'
import { withStage } from './progress-stages.ts'
import { status } from './queries.ts'
import type { Stage, Status } from './types.ts'

/** Keeps the status' stages up to date from the server's event stream, and what a finished stage brings. */
export function useProgress(listen: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!listen) return
    const source = new EventSource(`${basePath(location.pathname)}/v1/progress`)
    source.addEventListener('progress', (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as Stage
      client.setQueryData<Status>(status.queryKey, (old) => old && { ...old, stages: withStage(old.stages, news) })
      if (news.finished)
        for (const key of ['networks', 'network', 'probes', 'status'])
          void client.invalidateQueries({ queryKey: [key] })
    })
    return () => source.close()
  }, [client, listen])
}

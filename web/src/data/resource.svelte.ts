import { untrack } from 'svelte'
import { key, type Query } from './key'
import { Problem } from './problem'
import { get } from './source'

export type Request = { path: string; query?: Query }

export type Resource<T> = {
  readonly data: T | null
  readonly problem: Problem | null
  readonly loading: boolean
  reload(): void
  set(data: T): void
}

/** A document that follows what is asked; the last answer stays while the next is on its way, unless the path changes. */
export function resource<T>(ask: () => Request | null): Resource<T> {
  let data = $state.raw<T | null>(null)
  let problem = $state.raw<Problem | null>(null)
  let loading = $state(true)
  let turn = $state(0)
  let shown = ''

  const wanted = $derived.by(() => {
    const request = ask()
    return request ? key(request.path, request.query) : null
  })

  $effect(() => {
    void turn
    if (wanted === null) return
    const request = untrack(ask)
    if (!request) return
    const stop = new AbortController()
    loading = true
    problem = null
    if (shown !== request.path) data = null
    get<T>(request.path, request.query, stop.signal).then(
      (answer) => {
        if (stop.signal.aborted) return
        data = answer
        shown = request.path
        loading = false
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        problem = Problem.of(error)
        loading = false
      },
    )
    return () => stop.abort()
  })

  return {
    get data() {
      return data
    },
    get problem() {
      return problem
    },
    get loading() {
      return loading
    },
    reload: () => void turn++,
    set: (value: T) => void (data = value),
  }
}

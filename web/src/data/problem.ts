/** What went wrong with a request: RFC 9457 problem details, or the browser's own failure (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title)
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  static async from(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null)
    const read = (key: string): string => {
      const value =
        typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
      return typeof value === 'string' ? value : ''
    }
    return new Problem(response.status, read('title') || named(response.status), read('detail'))
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error
    return new Problem(
      0,
      'The server cannot be reached',
      error instanceof Error ? error.message : String(error),
    )
  }
}

function named(status: number): string {
  if (status === 401) return 'You are not signed in'
  if (status === 403) return 'Your role may not do this'
  if (status === 404) return 'There is no such thing'
  if (status === 409) return 'Somebody else changed this meanwhile'
  if (status === 429) return 'Too many requests; wait a moment'
  return status >= 500 ? 'The server failed' : `The request failed (${status})`
}

import { Problem } from '../data/problem'
import { get, isStatic, setCsrf } from '../data/source'
import type { Me, Paged, Role, RunDetail, RunSummary, User } from '../data/types'

const ranks: Role[] = ['viewer', 'analyst', 'owner', 'admin']

/** Who looks, and at which runs. */
class Session {
  me = $state.raw<Me | null>(null)
  runs = $state.raw<RunSummary[]>([])
  users = $state.raw<User[]>([])
  run = $state.raw<RunDetail | null>(null)
  problem = $state.raw<Problem | null>(null)
  ready = $state(false)

  async start(): Promise<void> {
    this.problem = null
    try {
      this.me = isStatic
        ? { name: '', role: 'viewer', canSeeRows: false, csrfToken: null }
        : await get<Me>('/me')
      setCsrf(this.me.csrfToken)
      this.runs = (await get<Paged<RunSummary>>('/runs', isStatic ? {} : { pageSize: 100 })).items
      if (!isStatic) this.users = await get<User[]>('/users').catch(() => [])
    } catch (error) {
      this.problem = Problem.of(error)
    }
    this.ready = true
  }

  /** Whether the one who looks has a role or a higher one; nobody has in a report. */
  may(role: Role): boolean {
    return !isStatic && this.me !== null && ranks.indexOf(this.me.role) >= ranks.indexOf(role)
  }

  title(feature: string): string {
    return this.run?.features.find((one) => one.name === feature)?.title ?? feature
  }

  dimension(name: string): string {
    return name === 'overall'
      ? 'All rows'
      : (this.run?.dimensions.find((one) => one.name === name)?.title ?? name)
  }
}

export const session = new Session()

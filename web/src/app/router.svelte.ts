import { isStatic } from '../data/source'
import type { Query } from '../data/key'
import { href, parse, type Place } from './address'

export { href } from './address'

class Router {
  place = $state.raw<Place>(parse(location, isStatic))

  get parts(): string[] {
    return this.place.path.split('/').filter(Boolean).map(decodeURIComponent)
  }

  get(name: string): string {
    return this.place.query.get(name) ?? ''
  }

  /** Changes filters of this page; the back button skips small changes. */
  set(changes: Query, replace = true): void {
    const query: Query = Object.fromEntries(this.place.query)
    Object.assign(query, changes)
    this.go(href(this.place.path, query), replace)
  }

  go(address: string, replace = false): void {
    if (replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    this.read()
  }

  read(): void {
    this.place = parse(location, isStatic)
  }

  /** Follows links of this app without loading the page again. */
  follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const address = link?.getAttribute('href')
    if (!link || !address || link.target || link.hasAttribute('download')) return
    if (
      isStatic
        ? !address.startsWith('#/')
        : !address.startsWith('/') || /^\/(api|signin|signout|openapi|health)/.test(address)
    )
      return
    event.preventDefault()
    const from = this.place.path
    this.go(address)
    if (this.place.path !== from) {
      scrollTo(0, 0)
      document.getElementById('main')?.focus({ preventScroll: true })
    }
  }
}

export const router = new Router()

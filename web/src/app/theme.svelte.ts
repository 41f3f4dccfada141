import { flushSync } from 'svelte'

export type Choice = 'system' | 'light' | 'dark'

const store = 'assay-theme'

function saved(): Choice {
  try {
    const value = localStorage.getItem(store)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

class Theme {
  choice = $state<Choice>(saved())
  #printing = $state(false)
  #system = $state(matchMedia('(prefers-color-scheme: dark)').matches)

  constructor() {
    // paper is light, charts included
    addEventListener('beforeprint', () => flushSync(() => (this.#printing = true)))
    addEventListener('afterprint', () => (this.#printing = false))
    matchMedia('(prefers-color-scheme: dark)').addEventListener(
      'change',
      (event) => (this.#system = event.matches),
    )
  }

  get isDark(): boolean {
    if (this.#printing) return false
    return this.choice === 'system' ? this.#system : this.choice === 'dark'
  }

  choose(choice: Choice): void {
    this.choice = choice
    try {
      if (choice === 'system') localStorage.removeItem(store)
      else localStorage.setItem(store, choice)
    } catch {
      // a page opened from disk may have no storage; the choice then lasts as long as the page
    }
  }
}

export const theme = new Theme()

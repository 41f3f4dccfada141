/** Whether the page is as narrow as a phone: charts then put their legends and labels elsewhere. */
class Narrow {
  #query = typeof matchMedia === 'undefined' ? null : matchMedia('(max-width: 640px)')
  #is = $state(this.#query?.matches ?? false)

  constructor() {
    this.#query?.addEventListener('change', (event) => (this.#is = event.matches))
  }

  get is(): boolean {
    return this.#is
  }
}

export const narrow = new Narrow()

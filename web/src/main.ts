import { mount } from 'svelte'
import App from './app/App.svelte'
import './design/tokens.css'
import './design/base.css'
import './design/print.css'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element #app')
mount(App, { target })

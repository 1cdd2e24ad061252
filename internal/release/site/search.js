'use strict'
const words = document.getElementById('words')
const found = document.getElementById('found')
const article = document.querySelector('article')
const most = 30

// score says how well a part answers: every word must be there, and counts more in a
// heading.
function score(part, terms) {
  const heading = (part.title + ' ' + part.heading).toLowerCase()
  const text = part.text.toLowerCase()
  let sum = 0
  for (const term of terms) {
    if (heading.includes(term)) sum += 5
    else if (text.includes(term)) sum += 1
    else return 0
  }
  return sum
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

function show() {
  const terms = words.value.toLowerCase().split(/\s+/).filter(Boolean)
  found.hidden = terms.length === 0
  article.hidden = terms.length > 0
  if (terms.length === 0) return
  const hits = parts.map((part) => [score(part, terms), part]).filter(([s]) => s > 0).sort((a, b) => b[0] - a[0]).slice(0, most)
  const list = document.createElement('ol')
  for (const [, part] of hits) {
    const at = Math.max(0, part.text.toLowerCase().indexOf(terms[0]) - 60)
    const link = element('a', part.heading === part.title ? part.title : part.title + ': ' + part.heading)
    link.href = part.page + (part.anchor ? '#' + part.anchor : '')
    link.addEventListener('click', () => { words.value = ''; show() })
    const item = document.createElement('li')
    item.append(link, element('p', (at > 0 ? '…' : '') + part.text.slice(at, at + 180)))
    list.append(item)
  }
  found.replaceChildren(element('h2', hits.length === 0 ? 'Nothing found' : 'Found'), list)
}

words.addEventListener('input', show)
document.getElementById('search').addEventListener('submit', (event) => event.preventDefault())
if (matchMedia('(max-width: 50rem)').matches) document.querySelector('nav details').open = false

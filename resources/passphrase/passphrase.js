const field = document.getElementById('passphrase')

document.getElementById('wrong').hidden = location.search !== '?again'
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault()
  window.provisionPassphrase.answer(field.value)
})
document.getElementById('cancel').addEventListener('click', () => window.close())
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') window.close()
})

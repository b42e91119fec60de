import type { HostScope } from '../../../shared/host-scope.ts'

export const server = {
  title: 'Name & Site ID',
  identity: {
    title: 'This server',
    name: 'Name',
    nameNote: 'Stands above the navigation, in mails and on pages.',
    siteId: 'Site ID',
    siteIdNote: 'The number by which an app finds this server’s settings. Every QR code and link holds it.'
  },
  address: {
    title: 'Where phones go',
    text: 'Apps and links are told this address. It has to lead to the User Portal, directly or through a proxy.',
    host: 'Host',
    hostNote: 'A name or an IP address, without scheme or port.',
    port: 'Port',
    usesSsl: 'TLS',
    usesSslNote: 'Phones go to https:// and refuse a certificate that they do not trust.',
    noTls: 'Without TLS whoever is on the way can read codes and security strings.',
    connectionType: 'Connection type',
    connectionTypeNote: 'First part of the path to which the app sends its requests; “proxy” unless a proxy says else.',
    public: 'Public address',
    requests: 'The app sends its requests to',
    scope: {
      loopback: 'Only this machine can reach it. No phone can be set up.',
      private: 'Only phones in this network can reach it.',
      public: '',
      name: ''
    } satisfies Record<HostScope, string>,
    follow_one: '{{count, number}} of the four URLs was set by hand and does not follow.',
    follow_other: '{{count, number}} of the four URLs were set by hand and do not follow.',
    showUrls: 'Self Reset'
  },
  siteIdChange: {
    title: 'Change the Site ID from {{from}} to {{to}}?',
    text: 'QR codes, links and sheets that are out hold the old number: apps that try them show “Error Server, Unknown Server ID”. {{live}} Apps that are set up keep working, but show the same error when they ask for the server’s settings again.',
    noLive: 'No code is live at present.',
    live_one: '{{count, number}} code is live and has to be issued anew.',
    live_other: '{{count, number}} codes are live and have to be issued anew.',
    verb: 'Change the Site ID'
  }
}

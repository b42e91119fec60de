import type { PortalState } from '../../../shared/portal.ts'

export const portal = {
  title: 'User Portal',
  states: {
    off: 'Not running',
    starting: 'Starting',
    running: 'Running',
    elsewhere: 'Run by another program',
    failed: 'Failed'
  } satisfies Record<PortalState['state'], string>,
  now: {
    title: 'At present',
    running: 'It runs as long as this program does. To run it without, install it as a service; the guide says how.',
    elsewhere: 'Another program on this machine answers at this address, such as the service.',
    notRun: 'This program does not run it. Start it as a service, or with “provision serve --with-portal”.',
    switchedOff: 'It is switched off below: nobody can be provisioned.',
    starting: 'It is being started.',
    public: 'Phones are told to go to'
  },
  findings: {
    loopback:
      'Mails, sheets and QR codes lead phones to {{address}}, which only this machine can reach. No phone can be set up.',
    private: 'Mails, sheets and QR codes lead phones to {{address}}, which only phones in this network can reach.',
    listensLocally:
      'The portal listens on this machine only. Phones reach {{address}} only if a proxy here passes them on; name that proxy below.',
    otherPort:
      'Phones go to port {{publicPort}}, the portal listens on {{port}}. Something in between has to pass them on; name it below.',
    plainHttp: 'Without TLS whoever is on the way can read codes and security strings.',
    schemeHttps:
      'Phones are told to use TLS, and the portal speaks plain HTTP. A proxy in between has to hold the certificate; name it below.',
    schemeHttp: 'Phones are told to go without TLS, and the portal speaks nothing else.',
    certificateKept: 'The portal goes on with the certificate that it had. {{problem}}',
    selfSigned: 'Phones and mail readers refuse a self-signed certificate. Name the files of one that they trust.',
    wrongName: 'The certificate is not for {{host}}: phones refuse it.',
    expired: 'The certificate ended on {{at}}: phones refuse it.',
    notYet: 'The certificate begins on {{at}}: until then phones refuse it.',
    expiring: 'The certificate ends {{when}}, on {{at}}.'
  },
  listen: {
    title: 'Where it listens',
    enabled: 'User Portal',
    enabledNote: 'Serves the app, the pages for users and the pictures in mails.',
    address: 'Address',
    addressNote: 'Of this machine; 0.0.0.0 or :: for all of them.',
    port: 'Port'
  },
  certificate: {
    title: 'Certificate',
    text: 'With both files empty the portal makes a self-signed certificate for the host of Name & Site ID, which is good for a try at a desk. Files are read again when they change.',
    tls: 'TLS',
    certificateFile: 'Certificate file',
    certificateFileNote: 'On the server, PEM, with the certificates of those who issued it behind it.',
    keyFile: 'Key file',
    keyFileNote: 'On the server, PEM, without a passphrase.',
    present: 'Certificate in use',
    subject: 'For',
    names: 'Names',
    issuer: 'Issued by',
    selfSigned: 'itself (self-signed)',
    until: 'Ends',
    fingerprint: 'SHA-256'
  },
  proxies: {
    title: 'Proxies',
    text: 'Limits by address count the address that a request comes from. Behind a proxy that is the proxy’s; from those named here the portal takes the address that they name in X-Forwarded-For, and from nobody else.',
    trusted: 'Trusted proxies',
    trustedNote: 'A network or address a line.'
  },
  requests: {
    title: 'Requests',
    count_one: '{{count, number}} since this program started',
    count_other: '{{count, number}} since this program started',
    none: 'No request since this program started.',
    elsewhere: 'The program that runs the portal keeps its own list.',
    at: 'Time',
    address: 'From',
    request: 'Request',
    status: 'Answer',
    duration: 'Took',
    nothingThere: '(no such address)',
    ms: '{{ms, number}} ms',
    underMs: '<1 ms'
  },
  link: {
    title: 'Link to a QR code of their own',
    text: 'Opens a page with a button that shows a QR code, once. Whoever holds the link gets the app: give it to the user alone.',
    make: 'Make a link',
    again: 'Make a new link',
    until: 'Works once, until {{at}}. An earlier link has ended.',
    copy: 'Copy the link',
    disabled: 'Enable the user before making a link.'
  },
  statusBar: {
    running: 'Portal {{url}}',
    off: 'Portal is not running',
    starting: 'Portal is starting',
    elsewhere: 'Portal {{url}} (service)',
    failed: 'Portal failed'
  } satisfies Record<PortalState['state'], string>
}

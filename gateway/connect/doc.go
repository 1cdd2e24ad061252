// Package connect lets users of the platform connect their shops to applications
// that stand behind a gateway.
//
// An application sends a seller to /connect/NAME. The page there says who asks for
// what; the seller agrees, authorizes the app at the platform and comes back to
// /connect/callback. The grant goes into the fleet, and the seller back to the
// application, with the list of shops. Whatever happens to the grant later, the
// application is told by signed events: [Teller].
//
// The state that goes through the platform is random, works once, for half an hour,
// and in the browser that began. Codes and tokens never reach the application.
package connect

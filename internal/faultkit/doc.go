// Package faultkit is the root of the tools with which tests break what the
// project stands on, one package each: disk fills, frees and turns read-only,
// postgres stops, dies and turns read-only, proxy cuts, hangs and trickles,
// crowd opens connections and says nothing, broker goes away and comes back. None of them touches a service or a file
// system that the test does not own.
package faultkit

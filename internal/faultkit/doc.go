// Package faultkit is the root of the tools with which tests break what the
// project depends on, one package each: disk fills, frees and becomes read-only,
// postgres stops, dies and becomes read-only, proxy cuts, hangs and trickles, crowd
// opens connections and stays silent, broker goes away and comes back, powerloss
// loses what was not synced. None of them touches a service or a file system that
// the test does not own.
package faultkit

// Package ttshopprom exports metrics of the calls of a ttshop client to Prometheus.
//
//	collector := ttshopprom.New(ttshopprom.Config{})
//	prometheus.MustRegister(collector)
//	client := ttshop.New(key, secret, ttshop.WithHooks(collector.Hooks()), …)
//
// The metrics are
//
//	ttshop_call_duration_seconds     histogram of calls, waits included, by operation and outcome
//	ttshop_tries_total               tries, by operation, HTTP status and code
//	ttshop_wait_seconds              histogram of the waits of tries, by operation
//	ttshop_token_remaining_seconds   time until the access token expires, by shop
//	ttshop_pace_rate, ttshop_pace_limit, ttshop_pace_waiting, ttshop_pace_closed
//	                                 the state of pacing, by operation and shop, with a Pacer
package ttshopprom

// Package bench measures the parts of ttshop against the yardstick that no
// implementation can beat: the bare HMAC, the bare HTTP request, the bare handler.
// Each benchmark alternates between the two within one loop and reports their ratio
// as the metric x/yardstick, so that a busy machine slows both alike.
//
//	go test -run '^$' -bench . ./bench
package bench

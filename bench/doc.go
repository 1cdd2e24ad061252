// Package bench measures the parts of ttshop beside the yardstick that no
// implementation can beat: the bare HMAC, the bare HTTP request, the bare
// handler. Each benchmark runs both in turns within one loop and reports their
// quotient as the metric x/yardstick, so that a busy machine slows both alike.
//
//	go test -run '^$' -bench . ./bench
package bench

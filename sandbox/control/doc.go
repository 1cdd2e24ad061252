// Package control steers a running sandbox from Go: its clock, its faults and
// throttle, its orders and webhooks, snapshots, apps and grants. It speaks to
// the paths under /_sandbox/ and needs nothing but the standard library, so
// that tests of any program can use it.
//
//	c := control.New("http://127.0.0.1:8080")
//	id, err := c.AddFault(ctx, control.Fault{
//		Match: control.Match{Operation: "order.GetOrderList"},
//		Next:  2,
//		Then:  control.Effect{Code: 36009002},
//	})
package control

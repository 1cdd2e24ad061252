package ttshop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
)

func TestHooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type mark struct{}
		var log []string
		var tries []ttshop.TryResult
		var call ttshop.CallResult
		var start ttshop.CallInfo
		var text bytes.Buffer
		hooks := ttshop.Hooks{
			CallStart: func(ctx context.Context, info ttshop.CallInfo) context.Context {
				log, start = append(log, "call"), info
				return context.WithValue(ctx, mark{}, "c")
			},
			TryStart: func(ctx context.Context, info ttshop.TryInfo) context.Context {
				log = append(log, fmt.Sprint("try ", info.Try, ctx.Value(mark{})))
				return context.WithValue(ctx, mark{}, "t")
			},
			TryEnd: func(ctx context.Context, r ttshop.TryResult) {
				log, tries = append(log, fmt.Sprint("end ", r.Try, ctx.Value(mark{}))), append(tries, r)
			},
			CallEnd: func(ctx context.Context, r ttshop.CallResult) {
				log, call = append(log, fmt.Sprint("done ", ctx.Value(mark{}))), r
			},
		}
		client, _ := scripted(t, []answer{{status: 502, after: time.Second}, {err: errCut}, refusal(200, 12052901)},
			ttshop.WithHooks(ttshop.Hooks{}), ttshop.WithHooks(hooks),
			ttshop.WithRetry(ttshop.RetryPolicy{MinWait: 3 * time.Second, MaxWait: 3 * time.Second}),
			ttshop.WithLogger(slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		_, err := client.Shop("cipher").Call(t.Context(), "POST", "/order/202309/orders/5760001/x", nil, []byte(`{"a":1}`), ttshop.AsRead(), ttshop.AsBulk())
		if got, want := strings.Join(log, ", "), "call, try 1c, end 1t, try 2c, end 2t, try 3c, end 3t, done c"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		info := ttshop.CallInfo{
			Operation: "POST /order/202309/orders/{}/x", Method: "POST", Path: "/order/202309/orders/{}/x",
			Host: "http://platform.test", Shop: "cipher", Priority: ttshop.Bulk,
		}
		if start != info || call.CallInfo != info || call.Tries != 3 || call.Code != 12052901 || call.HTTPStatus != 200 || call.RequestID != "r" || !errors.Is(call.Err, err) {
			t.Errorf("call %+v", call)
		}
		if call.Wait != tries[1].Wait+tries[2].Wait || call.Duration != call.Wait+time.Second || tries[1].Wait == 0 {
			t.Errorf("waits %v and %v, in all %v of %v", tries[1].Wait, tries[2].Wait, call.Wait, call.Duration)
		}
		first, second, third := tries[0], tries[1], tries[2]
		if first.HTTPStatus != 502 || first.Duration != time.Second || first.RequestBytes != 7 || first.Err == nil ||
			second.HTTPStatus != 0 || second.RequestID != "" || second.Err == nil ||
			third.Code != 12052901 || third.ResponseBytes == 0 {
			t.Errorf("tries %+v", tries)
		}
		// The log tells the same, one record each.
		var records []map[string]any
		for line := range strings.Lines(text.String()) {
			var r map[string]any
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			records = append(records, r)
		}
		if len(records) != 4 || records[0]["msg"] != "try" || records[0]["status"] != 502.0 || records[2]["code"] != 12052901.0 || records[3]["msg"] != "call failed" || records[3]["tries"] != 3.0 || records[3]["shop"] != "cipher" {
			t.Errorf("records %v", records)
		}
	})
}

// Whatever fails, nothing that hooks and log are given holds a secret or a
// signed URL.
func TestHooksSeeNoSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, f := range failures {
			var shown bytes.Buffer
			show := func(v any) {
				fmt.Fprintf(&shown, "%v %+v %#v\n", v, v, v)
			}
			client, _ := scripted(t, []answer{f.answer}, ttshop.WithLogger(slog.New(slog.NewTextHandler(&shown, &slog.HandlerOptions{Level: slog.LevelDebug}))), ttshop.WithHooks(ttshop.Hooks{
				CallStart: func(ctx context.Context, info ttshop.CallInfo) context.Context { show(info); return ctx },
				TryStart:  func(ctx context.Context, info ttshop.TryInfo) context.Context { show(info); return ctx },
				TryEnd:    func(_ context.Context, r ttshop.TryResult) { show(r); show(r.Err) },
				CallEnd:   func(_ context.Context, r ttshop.CallResult) { show(r); show(r.Err) },
			}))
			_, err := client.Call(t.Context(), "GET", "/x", nil, nil)
			show(err)
			for _, secret := range []string{appSecret, accessToken, "sign=", "app_key="} {
				if strings.Contains(shown.String(), secret) {
					t.Errorf("%s: %q is shown in:\n%s", f.name, secret, shown.String())
				}
			}
		}
	})
}

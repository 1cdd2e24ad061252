package inbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// BenchmarkReceive measures deliveries over loopback HTTP into the embedded
// inbox with synchronous writes, in turns with the yardstick: the same bytes
// published to a bare embedded JetStream stream with synchronous writes, by as
// many senders. It reports the median quotient of the rates and the 99th
// percentile of the answers.
func BenchmarkReceive(b *testing.B) {
	for _, senders := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) { benchmarkReceive(b, senders) })
	}
}

func benchmarkReceive(b *testing.B, senders int) {
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		b.Fatal(err)
	}
	box, err := embedded.Open(b.Context(), "file:"+b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer box.Close()
	receiver := httptest.NewServer(webhook.NewHandler(app, webhook.WithInbox(box)))
	defer receiver.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	bare := bareStream(b)

	const perRound = 256
	bodies := make([][]byte, perRound)
	fresh := func() {
		for i := range bodies {
			bodies[i] = webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		}
	}
	var mu sync.Mutex
	var answers []time.Duration
	round := func(send func(body []byte) error) time.Duration {
		var next atomic.Int64
		var wg sync.WaitGroup
		start := time.Now()
		for range senders {
			wg.Go(func() {
				for {
					i := next.Add(1) - 1
					if i >= perRound {
						return
					}
					if err := send(bodies[i]); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		return time.Since(start)
	}
	ours := func(body []byte) error {
		start := time.Now()
		r, err := webhooktest.Request(context.Background(), app, receiver.URL, body)
		if err != nil {
			return err
		}
		res, err := client.Do(r)
		if err != nil {
			return err
		}
		res.Body.Close()
		if res.StatusCode != 200 {
			return fmt.Errorf("answered %d", res.StatusCode)
		}
		mu.Lock()
		answers = append(answers, time.Since(start))
		mu.Unlock()
		return nil
	}
	yardstick := func(body []byte) error {
		_, err := bare.Publish(context.Background(), "bare", body)
		return err
	}
	var quotients []float64
	var took, bareTook time.Duration
	for b.Loop() {
		b.StopTimer()
		fresh()
		y := round(yardstick)
		b.StartTimer()
		o := round(ours)
		took, bareTook = took+o, bareTook+y
		quotients = append(quotients, float64(y)/float64(o))
	}
	slices.Sort(quotients)
	slices.Sort(answers)
	n := float64(perRound * len(quotients))
	b.ReportMetric(quotients[len(quotients)/2], "x/bare")
	b.ReportMetric(n/took.Seconds(), "events/s")
	b.ReportMetric(n/bareTook.Seconds(), "bare/s")
	b.ReportMetric(float64(answers[len(answers)*99/100].Microseconds())/1000, "p99-ms")
}

// bareStream starts an embedded server with a stream like that of the inbox.
func bareStream(b *testing.B) jetstream.JetStream {
	ns, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: b.TempDir(), SyncAlways: true, NoSigs: true, NoLog: true})
	if err != nil {
		b.Fatal(err)
	}
	ns.Start()
	b.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(10 * time.Second) {
		b.Fatal("the server is not ready")
	}
	conn, err := nats.Connect("", nats.InProcessServer(ns))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "bare", Subjects: []string{"bare"}, Storage: jetstream.FileStorage}); err != nil {
		b.Fatal(err)
	}
	return js
}

package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

// A folder as an earlier version left it: its events are there, those that waited at the
// server for their next try too, and each gets its full number of tries.
func TestFolderOfEarlierVersion(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			earlierVersion(t, dir)
			box := open(t, "file:"+dir)
			var got record
			consume(t, box, "c", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil },
				inbox.ConsumeOptions{Ordered: ordered, Workers: 1, Tries: 1})
			eventually(t, "the nine that are not done come", func() bool { return got.len() == 9 })
			for _, e := range got.all() {
				if e.Meta.Attempt != 1 || e.Object() == "0" {
					t.Errorf("%s comes as try %d", e.Object(), e.Meta.Attempt)
				}
			}
			if s, err := box.Stats(t.Context()); err != nil || s.Events != 10 || s.Dead != 0 {
				t.Errorf("state %+v, %v", s, err)
			}
		})
	}
}

// earlierVersion fills a folder as earlier versions did: ten events, of which the consumer
// has done the first, failed at the next two, and holds three more.
func earlierVersion(t *testing.T, dir string) {
	t.Helper()
	ns, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: dir, SyncAlways: true, NoSigs: true, NoLog: true, NoSystemAccount: true})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	defer func() { ns.Shutdown(); ns.WaitForShutdown() }()
	conn, err := nats.Connect("", nats.InProcessServer(ns))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "ttshop_events", Subjects: []string{"ttshop.events.>"}, Storage: jetstream.FileStorage, Duplicates: 18 * time.Hour,
		MaxBytes: -1, Discard: jetstream.DiscardNew, Replicas: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "ttshop_dead", Subjects: []string{"ttshop.dead.>"}, Storage: jetstream.FileStorage, MaxMsgsPerSubject: 1, Replicas: 1,
	}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		e := order(t, fmt.Sprint(i), "", 1)
		m := nats.NewMsg("ttshop.events.1")
		m.Data = e.Meta.Raw
		m.Header.Set("Ttshop-App", "k")
		if _, err := js.PublishMsg(t.Context(), m, jetstream.WithMsgID(e.Meta.Key)); err != nil {
			t.Fatal(err)
		}
	}
	c, err := stream.CreateOrUpdateConsumer(t.Context(), jetstream.ConsumerConfig{
		Durable: "c", AckPolicy: jetstream.AckExplicitPolicy, DeliverPolicy: jetstream.DeliverAllPolicy, AckWait: 30 * time.Second, MaxDeliver: -1, MaxAckPending: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	batch, err := c.Fetch(6)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for m := range batch.Messages() {
		switch n++; {
		case n == 1:
			err = m.DoubleAck(t.Context())
		case n <= 3:
			err = m.NakWithDelay(time.Second)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the consumer has five in its hands", func() bool {
		info, err := c.Info(t.Context())
		return err == nil && info.NumAckPending == 5 && info.AckFloor.Stream == 1
	})
}

// The way to a folder may lead over symbolic links: it is one inbox all the same.
func TestLinkedFolder(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	link := filepath.Join(base, "link")
	if err := os.Symlink(filepath.Join(base, "real"), link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if box, err := embedded.Open(t.Context(), "file:"+link, quiet(t)); err == nil {
		box.Close()
		t.Error("a link to nowhere is opened")
	} else if !strings.Contains(err.Error(), link) {
		t.Errorf("the error does not name the link: %v", err)
	}
	if err := os.Mkdir(filepath.Join(base, "real"), 0o700); err != nil {
		t.Fatal(err)
	}
	box := open(t, "file:"+link)
	e := order(t, "1", "", 1)
	put(t, box, e)
	second := open(t, "file:"+filepath.Join(base, "real"))
	if fresh, err := second.Put(t.Context(), e); err != nil || fresh {
		t.Errorf("it is another inbox: fresh %t, %v", fresh, err)
	}
}

// After a power cut a file system may have kept some of the files that were
// written and not others. Nothing but the message blocks, which are synced, is
// needed for the events: they come, again at worst.
func TestFolderAfterAPowerCut(t *testing.T) {
	t.Parallel()
	const n = 40
	for _, tt := range []struct {
		name  string
		files string // below the folder of the streams
		harm  func(path string) error
		lost  int // events at most, to the consumer
	}{
		{"index missing", "*/msgs/index.db", os.Remove, 0},
		{"index of an earlier time, cut", "*/msgs/index.db", cut(20), 0},
		{"index empty", "*/msgs/index.db", func(p string) error { return os.Truncate(p, 0) }, 0},
		{"place of the consumer missing", "ttshop_events/obs/c/o.dat", os.Remove, 0},
		{"place of the consumer cut", "ttshop_events/obs/c/o.dat", cut(3), 0},
		{"place of the consumer zeroed", "ttshop_events/obs/c/o.dat", zero, 0},
		// These were synced, so that their events are acknowledged: they are
		// stored still, but only a replay hands them out.
		{"records of the work missing", "ttshop_work/msgs/*.blk", os.Remove, n},
		{"records of the work cut", "ttshop_work/msgs/*.blk", cut(30), 1},
		{"last event torn", "ttshop_events/msgs/1.blk", cut(30), 1},
		{"zeros behind the last event", "ttshop_events/msgs/1.blk", zerosBehind, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			box := open(t, "file:"+dir)
			for i := range n {
				put(t, box, order(t, fmt.Sprintf("%s%d", []string{"good", "bad"}[i%2], i), "", 1))
			}
			var before record
			stop := consume(t, box, "c", failBad(&before), inbox.ConsumeOptions{Workers: 1, Backoff: func(int) time.Duration { return time.Second }})
			eventually(t, "some are done", func() bool { return before.len() >= n/2 })
			stop()
			// What is on the disk at this moment, of a server that goes on.
			after := t.TempDir()
			if err := os.CopyFS(after, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(after, "jetstream", "$G", "streams", tt.files))
			if err != nil {
				t.Fatal(err)
			}
			if len(files) == 0 && !strings.Contains(tt.files, "index.db") {
				t.Fatalf("no file %s", tt.files)
			}
			for _, file := range files {
				if err := tt.harm(file); err != nil {
					t.Fatal(err)
				}
			}
			box = open(t, "file:"+after)
			handed := map[string]bool{}
			for _, e := range before.all() {
				if strings.HasPrefix(e.Object(), "good") {
					handed[e.Object()] = true
				}
			}
			var got record
			consume(t, box, "c", failBad(&got), inbox.ConsumeOptions{Backoff: soon, Tries: 2})
			eventually(t, "the events come", func() bool {
				for _, e := range got.all() {
					handed[e.Object()] = true
				}
				stats, err := box.Stats(t.Context())
				return err == nil && len(stats.Consumers) == 1 && stats.Consumers[0].Backlog == 0
			})
			for d, err := range box.Dead(t.Context(), "c") {
				if err != nil {
					t.Fatal(err)
				}
				handed[d.Event.Object()] = true
			}
			stored := 0
			for _, err := range box.Events(t.Context(), inbox.Query{}) {
				if err != nil {
					t.Fatal(err)
				}
				stored++
			}
			if stored < n-min(tt.lost, 1) {
				t.Errorf("%d events of %d are stored", stored, n)
			}
			if len(handed) < n-tt.lost {
				t.Errorf("%d events of %d are there", len(handed), n)
			}
			if fresh, err := box.Put(t.Context(), order(t, "new", "", 1)); err != nil || !fresh {
				t.Errorf("Put: fresh %t, %v", fresh, err)
			}
		})
	}
}

func failBad(r *record) webhook.EventFunc {
	return func(_ context.Context, e *webhook.Event) error {
		r.add(e)
		if strings.HasPrefix(e.Object(), "bad") {
			return fmt.Errorf("no")
		}
		return nil
	}
}

// cut takes bytes from the end of a file.
func cut(bytes int64) func(string) error {
	return func(path string) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		return os.Truncate(path, max(info.Size()-bytes, 0))
	}
}

func zero(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, make([]byte, info.Size()), 0o600)
}

func zerosBehind(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(bytes.Clone(data), make([]byte, 4096)...), 0o600)
}

// An event that ends the process each time becomes a dead letter after its tries,
// and takes none from the events beside it.
func TestEventThatKills(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			address := "file:" + filepath.Join(dir, "inbox")
			box := open(t, address)
			for i := range 30 {
				put(t, box, order(t, fmt.Sprint([]string{"good", "kill"}[min(i/29, 1)], i), "", 1))
			}
			if err := box.Close(); err != nil {
				t.Fatal(err)
			}
			kills := func() int {
				calls, err := readCommits(filepath.Join(dir, "calls"))
				if err != nil {
					t.Fatal(err)
				}
				return strings.Count(strings.Join(calls, "\n"), "kill29 ")
			}
			for kills() < workerTries {
				startWorker(t, address, dir, ordered)(nil)
			}
			end := startWorker(t, address, dir, ordered)
			box = open(t, address)
			eventually(t, "all is done", func() bool {
				s, err := box.Stats(t.Context())
				return err == nil && len(s.Consumers) == 1 && s.Consumers[0].Backlog == 0
			})
			for d, err := range box.Dead(t.Context(), "c") {
				if err != nil || d.Event.Object() != "kill29" || d.Tries != workerTries {
					t.Errorf("dead letter %+v, %v", d, err)
				}
			}
			if s, err := box.Stats(t.Context()); err != nil || s.Dead != 1 || kills() != workerTries {
				t.Errorf("%d dead letters, %d calls for the event that kills, %v", s.Dead, kills(), err)
			}
			if err := box.Close(); err != nil {
				t.Error(err)
			}
			end(syscall.SIGTERM)
		})
	}
}

package inbox_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// The environment that makes the test binary a receiver or a NATS server
// instead, so that they can be killed.
const (
	receiverInbox = "TTSHOP_TEST_RECEIVER_INBOX" // address of the inbox
	receiverDir   = "TTSHOP_TEST_RECEIVER_DIR"   // where the commits go
	nodeConfig    = "TTSHOP_TEST_NODE"
	workerInbox   = "TTSHOP_TEST_WORKER_INBOX" // address of the inbox
	workerOrdered = "TTSHOP_TEST_WORKER_ORDERED"
)

func TestMain(m *testing.M) {
	switch {
	case isProgram(os.Args[0]):
		exit(embedded.Serve(context.Background(), os.Stdin, os.Stdout))
	case os.Getenv(receiverInbox) != "":
		exit(receive(os.Getenv(receiverInbox), os.Getenv(receiverDir)))
	case os.Getenv(workerInbox) != "":
		exit(work(os.Getenv(workerInbox), os.Getenv(receiverDir)))
	case os.Getenv(nodeConfig) != "":
		exit(runNode(os.Getenv(nodeConfig)))
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func notifyTerm() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), syscall.SIGTERM)
}

func errorLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// commits is what a program keeps of the events that it has worked on: their
// keys, written in one with the work. Here the work is the key.
type commits struct {
	mu   sync.Mutex
	file *os.File
	seen map[string]bool
}

func openCommits(path string) (*commits, error) {
	keys, err := readCommits(path)
	if err != nil {
		return nil, err
	}
	c := &commits{seen: map[string]bool{}}
	var whole bytes.Buffer
	for _, key := range keys {
		c.seen[key] = true
		whole.WriteString(key + "\n")
	}
	// A line that the kill cut in half was not committed.
	if err := os.Truncate(path, int64(whole.Len())); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	c.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return c, err
}

func readCommits(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	lines := strings.Split(string(data), "\n")
	return lines[:len(lines)-1], nil
}

func (c *commits) handle(_ context.Context, e *webhook.Event) error {
	time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond) // work, so that a kill finds some on its way
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[e.Meta.Key] {
		return nil
	}
	if rand.IntN(1000) == 0 {
		return errors.New("now and then it fails")
	}
	if _, err := io.WriteString(c.file, e.Meta.Key+"\n"); err != nil {
		return err
	}
	c.seen[e.Meta.Key] = true
	return nil
}

// receive is a receiver: it prints its address and works until it is killed or
// asked to end.
func receive(address, dir string) error {
	ctx, stop := notifyTerm()
	defer stop()
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		return err
	}
	log := errorLog()
	box, err := embedded.Open(ctx, address, inbox.WithLogger(log))
	if err != nil {
		return err
	}
	defer box.Close()
	var wg sync.WaitGroup
	for _, name := range []string{"plain", "ordered"} {
		c, err := openCommits(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		wg.Go(func() {
			err := box.Consume(ctx, name, c.handle, inbox.ConsumeOptions{
				Ordered: name == "ordered", Backoff: soon, Redeliver: time.Second,
			})
			if err != nil {
				fmt.Fprintln(os.Stderr, name, err)
			}
		})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: webhook.NewHandler(app, webhook.WithInbox(box), webhook.WithLogger(log))}
	go func() { _ = server.Serve(listener) }() // ends with the process
	fmt.Printf("http://%s\n", listener.Addr())
	<-ctx.Done()
	err = server.Close()
	wg.Wait()
	return err
}

// process is a receiver that runs.
type process struct {
	cmd *exec.Cmd
	url string
}

func startReceiver(t *testing.T, address, dir string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(exe)}
	p.cmd.Env = append(os.Environ(), receiverInbox+"="+address, receiverDir+"="+dir)
	p.cmd.Stderr = t.Output()
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the receiver does not start: %v, %v", err, p.cmd.Wait())
	}
	p.url = strings.TrimSpace(line)
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself, which Wait tells
	_ = p.cmd.Wait()
}

// delivery is one delivery of the load.
type delivery struct {
	body      []byte
	signature string
	key       string // empty: forged
	object    string
	time      int64
}

// load makes n deliveries: of them 20 % doubled, 5 % forged, 10 % out of order.
func load(t *testing.T, app webhook.App, random *rand.Rand, n int) (deliveries []delivery, genuine int) {
	t.Helper()
	doubled, forged := n/5, n/20
	genuine = n - doubled - forged
	now := time.Now().Unix()
	orders := max(genuine/10, 1)
	for i := range genuine {
		e := webhooktest.Complete(&event.OrderStatusChange{Data: event.OrderStatusChangeData{
			OrderID: fmt.Sprint(i % orders), OrderStatus: event.OrderStatusUnpaid, UpdateTime: event.UnixTime(now + int64(i/orders)),
		}})
		body := webhooktest.Body(e)
		deliveries = append(deliveries, delivery{body, app.Sign(body), "k:" + e.NotificationID, e.Data.OrderID, int64(e.Data.UpdateTime)})
	}
	place := make([]float64, genuine, n)
	for i := range place {
		place[i] = float64(i)
	}
	for range doubled {
		i := random.IntN(genuine)
		deliveries = append(deliveries, deliveries[i])
		place = append(place, float64(i)+200*random.Float64())
	}
	for range forged {
		body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
		signature := []byte(app.Sign(body))
		signature[random.IntN(64)] ^= 1 // still a hexadecimal digit, or near one
		deliveries = append(deliveries, delivery{body: body, signature: string(signature)})
		place = append(place, float64(genuine)*random.Float64())
	}
	for range n / 10 {
		place[random.IntN(n)] += 1000*random.Float64() - 500
	}
	sort.Sort(byPlace{deliveries, place})
	return deliveries, genuine
}

// byPlace sorts deliveries by where they come.
type byPlace struct {
	deliveries []delivery
	place      []float64
}

func (b byPlace) Len() int           { return len(b.place) }
func (b byPlace) Less(i, j int) bool { return b.place[i] < b.place[j] }
func (b byPlace) Swap(i, j int) {
	b.place[i], b.place[j] = b.place[j], b.place[i]
	b.deliveries[i], b.deliveries[j] = b.deliveries[j], b.deliveries[i]
}

// TestKilledReceiver sends deliveries to a receiver that is killed again and
// again. What was answered 200 must be worked on, exactly once where the key is
// committed with the work, and nothing forged may get in.
func TestKilledReceiver(t *testing.T) {
	n, kills := 2000, 3
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		n, kills = 200_000, 20
	} else {
		t.Parallel()
	}
	killReceiver(t, "file:"+t.TempDir(), n, kills, nil)
}

// killReceiver runs the load. A while after each kill it calls alsoKill.
func killReceiver(t *testing.T, address string, n, kills int, alsoKill func(i int)) {
	t.Helper()
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	deliveries, genuine := load(t, app, random, n)
	dir := t.TempDir()
	start := time.Now()

	receiver := startReceiver(t, address, dir)
	defer func() { receiver.kill() }()
	var url atomic.Pointer[string]
	url.Store(&receiver.url)

	var sent, tries, refused atomic.Int64
	var slowest atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: 3 * time.Second}
	queue := make(chan delivery)
	var senders sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	for range 32 {
		senders.Go(func() {
			for d := range queue {
				for ctx.Err() == nil { // the platform's tries, closer together
					tries.Add(1)
					began := time.Now()
					status, err := deliver(ctx, client, *url.Load(), d)
					if took := int64(time.Since(began)); err == nil && took > slowest.Load() {
						slowest.Store(took)
					}
					switch {
					case err == nil && status == 200 && d.key == "":
						t.Error("a forged delivery is taken")
					case err == nil && status == 401 && d.key == "":
						refused.Add(1)
					case err == nil && status == 401:
						t.Error("a genuine delivery is refused")
					case err == nil && status == 200:
					default: // the receiver is down, or not ready in time
						time.Sleep(20 * time.Millisecond)
						continue
					}
					sent.Add(1)
					break
				}
			}
		})
	}
	go func() {
		defer close(queue)
		for _, d := range deliveries {
			select {
			case queue <- d:
			case <-ctx.Done():
				return
			}
		}
	}()
	var at []int64 // how many are sent when the receiver is killed
	for range kills {
		at = append(at, random.Int64N(int64(n)*8/10)+int64(n)/20)
	}
	slices.Sort(at)
	for i, point := range at {
		for sent.Load() < point && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		receiver.kill()
		receiver = startReceiver(t, address, dir)
		url.Store(&receiver.url)
		if alsoKill != nil {
			for sent.Load() < point+int64(n)/20 && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			alsoKill(i)
		}
	}
	senders.Wait()
	if ctx.Err() != nil {
		t.Fatalf("%d of %d deliveries are sent when the time is over", sent.Load(), n)
	}
	answered := time.Since(start)

	for _, name := range []string{"plain", "ordered"} {
		checkCommits(t, name, waitForCommits(t, filepath.Join(dir, name), genuine), deliveries, genuine)
	}
	if err := receiver.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := receiver.cmd.Wait(); err != nil {
		t.Errorf("the receiver ends with %v", err)
	}

	box := open(t, address)
	position := map[string]int{}
	for s, err := range box.Events(t.Context(), inbox.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := position[s.Event.Meta.Key]; ok {
			t.Errorf("%s is stored twice", s.Event.Meta.Key)
		}
		position[s.Event.Meta.Key] = len(position)
	}
	if len(position) != genuine {
		t.Errorf("%d events are stored, want %d", len(position), genuine)
	}
	keys, err := readCommits(filepath.Join(dir, "ordered"))
	if err != nil {
		t.Fatal(err)
	}
	checkOrder(t, keys, deliveries, position)
	stats, err := box.Stats(t.Context())
	if err != nil || stats.Dead != 0 {
		t.Errorf("%d dead letters, %v", stats.Dead, err)
	}
	t.Logf("%d deliveries (%d genuine events, %d forged), %d tries, %d kills: answered in %s (%.0f/s), slowest answer %s, done in %s",
		n, genuine, refused.Load(), tries.Load(), kills, answered.Round(time.Millisecond), float64(n)/answered.Seconds(),
		time.Duration(slowest.Load()).Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
}

func deliver(ctx context.Context, client *http.Client, url string, d delivery) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", d.signature)
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// waitForCommits waits until there are n commits, or no further ones come.
func waitForCommits(t *testing.T, path string, n int) []string {
	t.Helper()
	var keys []string
	for progress := time.Now(); len(keys) < n && time.Since(progress) < 30*time.Second; time.Sleep(20 * time.Millisecond) {
		more, err := readCommits(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(more) > len(keys) {
			keys, progress = more, time.Now()
		}
	}
	return keys
}

// checkCommits: each genuine event once, nothing else.
func checkCommits(t *testing.T, name string, keys []string, deliveries []delivery, genuine int) {
	t.Helper()
	times := map[string]int{}
	for _, key := range keys {
		times[key]++
	}
	missing, strange := 0, len(times)
	checked := map[string]bool{}
	for _, d := range deliveries {
		if d.key == "" || checked[d.key] {
			continue
		}
		checked[d.key] = true
		switch times[d.key] {
		case 0:
			missing++
		case 1:
			strange--
		default:
			t.Errorf("%s: %s is committed %d times", name, d.key, times[d.key])
			strange--
		}
	}
	if missing > 0 || strange > 0 || len(keys) != genuine {
		t.Errorf("%s: %d commits for %d events: %d are missing, %d are strange", name, len(keys), genuine, missing, strange)
	}
}

// checkOrder: of two events of an order, the one that is older and was stored
// first is committed first.
func checkOrder(t *testing.T, keys []string, deliveries []delivery, stored map[string]int) {
	t.Helper()
	byKey := map[string]delivery{}
	for _, d := range deliveries {
		byKey[d.key] = d
	}
	before := map[string][]delivery{}
	wrong := 0
	for _, key := range keys {
		d := byKey[key]
		for _, earlier := range before[d.object] {
			if d.time < earlier.time && stored[d.key] < stored[earlier.key] {
				wrong++
			}
		}
		before[d.object] = append(before[d.object], d)
	}
	if wrong > 0 {
		t.Errorf("%d pairs of events of one order are committed in the wrong order", wrong)
	}
}

package crowdtest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

const roleKeeper = "keeper"

// patience bounds what a test waits for.
const patience = 2 * time.Minute

// keeperChild keeps all grants of the store fresh, and prints what the hooks
// report.
func (p *Platform) keeperChild(ctx context.Context, store tokenstore.Store) error {
	var mu sync.Mutex
	say := func(words ...any) {
		mu.Lock()
		defer mu.Unlock()
		line := strings.TrimSpace(fmt.Sprintln(words...))
		fmt.Println(strings.ReplaceAll(line, "\n", " "))
	}
	fleet := tokenstore.NewFleet(p.App, store, tokenstore.FleetConfig{
		MinAhead:    time.Millisecond,
		Ahead:       0.5,
		OnRefreshed: func(g tokenstore.Grant) { say("refreshed", g.OpenID, digest(g.Token.RefreshToken.Reveal())) },
		OnLost:      func(g tokenstore.Grant, err error) { say("lost", g.OpenID, err) },
		OnFailed:    func(key tokenstore.Key, err error) { say("failed", key.OpenID, err) },
	})
	say("open")
	keeper := tokenstore.Keeper{Fleet: fleet, Interval: 200 * time.Millisecond, Parallel: 20}
	ctx, stop := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is closed: a graceful shutdown
		stop()
	}()
	if err := keeper.Run(ctx); err != nil {
		return err
	}
	return fleet.Close(context.Background())
}

// Town is a store of many sellers' grants and the processes that keep them.
type Town struct {
	Sellers *Sellers
	*Platform
	OpenIDs []string

	t     *testing.T
	mu    sync.Mutex
	said  map[string]int // lines of the processes by their first word
	lines []string       // the last ones that report trouble
}

// NewTown fills a store with grants of sellers.
func NewTown(t *testing.T, sellers *Sellers, grants int, open Open, storeURL string) *Town {
	t.Helper()
	server := httptest.NewServer(sellers)
	t.Cleanup(server.Close)
	town := &Town{
		Sellers: sellers, t: t, said: map[string]int{},
		Platform: &Platform{
			Open: open, Store: storeURL, KeyText: tokenstore.GenerateKey(), URL: server.URL,
			App: &oauth.App{Key: "app", Secret: "planted-app-secret", Endpoint: server.URL},
		},
	}
	store := town.openStore(t)
	defer store.Close()
	fleet := town.fleet(store)
	for i := range grants {
		openID := fmt.Sprint("user", i)
		town.OpenIDs = append(town.OpenIDs, openID)
		if _, err := fleet.Add(t.Context(), sellers.Issue(openID)); err != nil {
			t.Fatal(err)
		}
	}
	if err := fleet.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return town
}

// Process is a process that keeps the grants of a town.
type Process struct {
	child *child
	ended chan struct{}
	town  *Town
}

// Start starts a process and waits until it has the store open.
func (town *Town) Start() *Process {
	town.t.Helper()
	p := &Process{child: town.spawn(town.t, roleKeeper), ended: make(chan struct{}), town: town}
	if line := p.child.read(town.t); line != "open" {
		town.t.Fatalf("a process says %q", line)
	}
	go func() {
		defer close(p.ended)
		for p.child.out.Scan() {
			town.hear(p.child.out.Text())
		}
		_ = p.child.cmd.Wait() // killed, as it should be
		if text := p.child.errors.String(); text != "" {
			town.hear("error " + text)
		}
	}()
	town.t.Cleanup(p.Kill)
	return p
}

// Stop ends the process as a deploy does and waits until it is gone.
func (p *Process) Stop() {
	_ = p.child.in.Close() // it may have ended
	<-p.ended
}

// Kill kills the process and waits until it is gone.
func (p *Process) Kill() {
	_ = p.child.cmd.Process.Kill() // it may have ended
	<-p.ended
}

func (town *Town) hear(line string) {
	word, _, _ := strings.Cut(line, " ")
	town.mu.Lock()
	defer town.mu.Unlock()
	town.said[word]++
	if word != "refreshed" && len(town.lines) < 20 {
		town.lines = append(town.lines, line)
	}
}

// Said returns how many lines of the processes began with a word.
func (town *Town) Said(word string) int {
	town.mu.Lock()
	defer town.mu.Unlock()
	return town.said[word]
}

// Wait waits until a condition holds.
func (town *Town) Wait(what string, holds func() bool) {
	town.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			town.mu.Lock()
			defer town.mu.Unlock()
			town.t.Fatalf("not within %v: %s; the processes said %v, such as\n%s", patience, what, town.said, strings.Join(town.lines, "\n"))
		}
	}
}

// Granted returns how many tokens the platform issued.
func (town *Town) Granted() int {
	granted, _, _ := town.Sellers.book()
	return granted
}

// Lost returns the sellers whose grant is lost: marked so, or stored with a
// refresh token that no longer works.
func (town *Town) Lost() (lost []string) {
	town.t.Helper()
	store := town.openStore(town.t)
	defer store.Close()
	for _, openID := range town.OpenIDs {
		grant, err := store.Load(town.t.Context(), tokenstore.Key{AppKey: town.App.Key, OpenID: openID})
		if err != nil {
			town.t.Fatal(err)
		}
		if grant.Lost() || !town.Sellers.usable(grant.Token.RefreshToken.Reveal()) {
			lost = append(lost, openID)
		}
	}
	return lost
}

// Check fails if a grant is lost or was reported lost, and returns the figures
// for a log.
func (town *Town) Check() string {
	town.t.Helper()
	granted, again, refused := town.Sellers.book()
	lost := town.Lost()
	if len(lost) > 0 || town.Said("lost") > 0 {
		town.t.Errorf("lost: %v; %d told so; said %v, such as\n%s", lost, town.Said("lost"), town.said, strings.Join(town.lines, "\n"))
	}
	return fmt.Sprintf("%d grants: %d lost, %d called lost; %d refreshes, %d spent tokens sent again, %d refused; %d failures told",
		len(town.OpenIDs), len(lost), town.Said("lost"), granted, again, refused, town.Said("failed"))
}

// Kills has processes keep the grants and kills and replaces them one after the
// other. Every grant must survive, and a spent refresh token may be sent again
// only if the process that spent it was killed before it could report its result:
// one process has many refreshes under way, so a kill may cut off several.
func Kills(t *testing.T, town *Town, processes, kills int) {
	running := make([]*Process, processes)
	for i := range running {
		running[i] = town.Start()
	}
	for range kills {
		i := rand.IntN(processes)
		before := town.Granted()
		town.Wait("somebody refreshes", func() bool { return town.Granted() > before })
		running[i].Kill()
		running[i] = town.Start()
	}
	for _, p := range running {
		p.Kill()
	}
	figures := town.Check()
	granted, again, refused := town.Sellers.book()
	if cut := granted - town.Said("refreshed"); again > cut || refused > 0 {
		t.Errorf("%d spent tokens sent again though kills cut off %d refreshes, %d refused", again, cut, refused)
	}
	t.Logf("%d processes, %d kills: %s", processes, kills, figures)
}

// openFleet opens the store of a town for a test, as one more process.
func (town *Town) openFleet() (tokenstore.Store, *tokenstore.Fleet) {
	store := town.openStore(town.t)
	return store, tokenstore.NewFleet(town.App, store, tokenstore.FleetConfig{ClientOptions: []ttshop.Option{ttshop.WithEndpoint(town.URL)}})
}

// RefreshAll refreshes every grant once, as the first process after a fault.
func (town *Town) RefreshAll() {
	town.t.Helper()
	store, fleet := town.openFleet()
	defer store.Close()
	for _, openID := range town.OpenIDs {
		if _, err := fleet.Refresh(town.t.Context(), fleet.Key(openID)); err != nil {
			town.t.Errorf("refresh %s: %v", openID, err)
		}
	}
	if err := fleet.Close(town.t.Context()); err != nil {
		town.t.Error(err)
	}
}

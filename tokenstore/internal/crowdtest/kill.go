package crowdtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

const roleVictim = "victim"

// Kill kills a process that refreshes without a pause, at random moments. After
// each kill the store must open and hold the grant with the last refresh token
// issued or, if the process died between the platform's answer and its save, with
// the one before. If mayLose is false, because the platform accepts old refresh
// tokens, no kill may lose the grant.
func Kill(t *testing.T, p *Platform, mayLose bool) {
	rounds := 12
	if Long() {
		rounds = 300
	}
	var old, lost, refreshed int
	for round := range rounds {
		c := p.spawn(t, roleVictim)
		defer c.cmd.Process.Kill()
		if line := c.read(t); line != "open" {
			t.Fatalf("round %d: the process says %q", round, line)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(60*time.Millisecond))), func() { _ = c.cmd.Process.Kill() })
		saved := ""
		for c.out.Scan() {
			line := c.out.Text()
			if hash, ok := strings.CutPrefix(line, "saved "); ok && len(hash) == len(digest("")) { // the last line may be cut
				saved, refreshed = hash, refreshed+1
			}
		}
		timer.Stop()
		_ = c.cmd.Wait() // killed, as it should be
		if c.errors.Len() > 0 {
			t.Fatalf("round %d: the process says: %s", round, c.errors.String())
		}
		switch p.afterKill(t, round, saved) {
		case holdsOld:
			old++
		case holdsLost:
			if !mayLose {
				t.Fatalf("round %d: the grant is lost", round)
			}
			lost++
		}
	}
	t.Logf("%d kills among %d refreshes: the store opened each time and held the newest token %d times, the one before %d times, of which %d could not be refreshed any more because the platform's answer died with the process",
		rounds, refreshed, rounds-old-lost, old+lost, lost)
}

// What a store holds after a kill.
type holding int

const (
	holdsNew  holding = iota
	holdsOld          // the token before, which the platform still takes
	holdsLost         // the token before, which the platform ended
)

// afterKill checks what the store holds, with saved the hash of the refresh
// token that the process last had saved.
func (p *Platform) afterKill(t *testing.T, round int, saved string) holding {
	t.Helper()
	store := p.openStore(t)
	defer store.Close()
	grant, err := store.Load(t.Context(), p.key())
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	if len(grant.Shops) == 0 || grant.Token.AccessToken == "" || len(grant.Token.GrantedScopes) == 0 || grant.Lost() {
		t.Fatalf("round %d: the grant is not whole: %v", round, grant)
	}
	count, position := p.issued(digest(grant.Token.RefreshToken.Reveal()))
	_, savedPosition := p.issued(saved)
	if position < count-2 || position < savedPosition {
		t.Fatalf("round %d: the store holds refresh token %d of %d, and %d was saved", round, position+1, count, savedPosition+1)
	}
	// The next process can go on, past the lock of the one that was killed.
	fleet := p.fleet(store)
	_, err = fleet.Refresh(t.Context(), p.key())
	switch {
	case err == nil && position == count-1:
		return holdsNew
	case err == nil:
		return holdsOld
	}
	// What was in transit when its sender was killed may have arrived since.
	count, _ = p.issued("")
	switch {
	case position < count-2:
		t.Fatalf("round %d: the store holds refresh token %d of %d", round, position+1, count)
	case position == count-1 || !errors.Is(err, oauth.ErrAuthorizationLost):
		t.Fatalf("round %d: the store holds the newest refresh token, and yet: %v", round, err)
	}
	p.authorize(t, store)
	return holdsLost
}

// victimChild refreshes until it is killed.
func (p *Platform) victimChild(ctx context.Context, store tokenstore.Store) error {
	fleet := p.fleet(store)
	fmt.Println("open")
	for {
		grant, err := fleet.Refresh(ctx, p.key())
		if err != nil {
			return err
		}
		fmt.Println("saved", digest(grant.Token.RefreshToken.Reveal()))
	}
}

package crowdtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
)

// Sellers is the authorization host for many sellers. It records of every refresh
// token whether it was sent again after it was spent, and whether it was refused.
type Sellers struct {
	// Life is how long access tokens live.
	Life time.Duration
	// Strict ends a refresh token with its first use. Otherwise it is accepted
	// until its successor is used.
	Strict bool
	// Granted, if set, is called after a token is issued and before the answer
	// is sent, concurrently for any number of refreshes.
	Granted func()

	mu      sync.Mutex
	closed  bool
	serial  int
	tokens  map[string]*sellerToken // by refresh token
	newest  map[string]*sellerToken // by open id
	granted int
	again   []string // open ids whose spent refresh token was sent again
	refused []string // open ids whose refresh token was refused
}

// sellerToken is a refresh token that was issued.
type sellerToken struct {
	openID  string
	before  *sellerToken
	spent   bool
	spentAt time.Time
}

// Issue has a seller authorize the app.
func (s *Sellers) Issue(openID string) ttshop.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issue(openID, nil)
}

func (s *Sellers) issue(openID string, before *sellerToken) ttshop.Token {
	if s.tokens == nil {
		s.tokens, s.newest = map[string]*sellerToken{}, map[string]*sellerToken{}
	}
	s.serial++
	token := ttshop.Token{
		AccessToken: ttshop.Secret(fmt.Sprintf("planted-access-%d", s.serial)), AccessTokenExpiresAt: time.Now().Add(s.Life),
		RefreshToken: ttshop.Secret(fmt.Sprintf("planted-refresh-%d", s.serial)), OpenID: openID, UserType: ttshop.UserCreator,
	}
	issued := &sellerToken{openID: openID, before: before}
	s.tokens[token.RefreshToken.Reveal()], s.newest[openID] = issued, issued
	return token
}

// ServeHTTP answers the token endpoint.
func (s *Sellers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, code := s.refresh(r.URL.Query().Get("refresh_token"))
	if code == 0 && s.Granted != nil {
		s.Granted()
	}
	data := map[string]any{}
	if code == 0 {
		data = map[string]any{
			"access_token": token.AccessToken.Reveal(), "access_token_expire_in": token.AccessTokenExpiresAt.Unix(),
			"refresh_token": token.RefreshToken.Reveal(), "open_id": token.OpenID, "user_type": token.UserType,
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "message": "m", "data": data}) // the client may have been killed
}

// Close makes every further refresh fail temporarily.
func (s *Sellers) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

func (s *Sellers) refresh(refreshToken string) (ttshop.Token, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ttshop.Token{}, 36009003 // internal error
	}
	t := s.tokens[refreshToken]
	if t == nil {
		s.refused = append(s.refused, "nobody")
		return ttshop.Token{}, 36004004
	}
	if t.spent {
		s.again = append(s.again, t.openID)
		if s.Strict || s.newest[t.openID].before != t {
			s.refused = append(s.refused, t.openID)
			return ttshop.Token{}, 36004001
		}
	}
	t.spent, t.spentAt = true, time.Now()
	s.granted++
	return s.issue(t.openID, t), 0
}

// usable reports whether a refresh token still works.
func (s *Sellers) usable(refreshToken string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[refreshToken]
	return t != nil && (!t.spent || !s.Strict && s.newest[t.openID].before == t)
}

// book returns how many tokens were issued in answer to a refresh, how often a
// spent one was sent again and how often one was refused.
func (s *Sellers) book() (granted, again, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.granted, len(s.again), len(s.refused)
}

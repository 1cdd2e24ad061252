package login

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

func getApps(s *gate.Gate, w http.ResponseWriter, _ *http.Request) {
	a := s.State.Load().Authority
	a.Mu.RLock()
	list := invent.Each(a.Apps, func(known *authority.App) authority.Registration { return known.Registration })
	a.Mu.RUnlock()
	gate.ControlAnswer(w, http.StatusOK, struct {
		Apps []authority.Registration `json:"apps"`
	}{list})
}

func postApp(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var given authority.Registration
	if !gate.ControlBody(w, r, &given) {
		return
	}
	given, err := given.WithDefaults()
	if err != nil {
		gate.ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	a := s.State.Load().Authority
	a.Mu.Lock()
	defer a.Mu.Unlock()
	if a.AppWith(func(known *authority.App) bool { return known.Key == given.Key || known.ServiceID == given.ServiceID }) != nil {
		gate.ControlError(w, http.StatusConflict, "there is an app with this key or service id")
		return
	}
	a.Apps = append(a.Apps, authority.NewApp(given))
	gate.ControlAnswer(w, http.StatusCreated, given)
}

// userView is a user as the control shows them.
type userView struct {
	OpenID              string           `json:"open_id"`
	Kind                string           `json:"kind"` // seller, creator or partner
	UserType            int              `json:"user_type"`
	Name                string           `json:"name"`
	Region              string           `json:"region"`
	CategoryAssetCipher string           `json:"category_asset_cipher,omitempty"`
	Shops               []world.Identity `json:"shops"`
}

func getUsers(s *gate.Gate, w http.ResponseWriter, _ *http.Request) {
	list := []userView{}
	for _, u := range s.State.Load().Authority.Users {
		view := userView{u.OpenID, kindOfUser(u.UserType), u.UserType, u.Name, u.Region, u.AssetCipher, []world.Identity{}}
		for _, owned := range u.Shops {
			view.Shops = append(view.Shops, owned.Identity)
		}
		list = append(list, view)
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Users []userView `json:"users"`
	}{list})
}

// grantView is a grant as the control shows it.
type grantView struct {
	ID      string   `json:"id"`
	AppKey  string   `json:"app_key"`
	User    string   `json:"user"` // open id
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Scopes  []string `json:"scopes"`
	Shops   []string `json:"shops"`   // ids of those that it covers
	Expires int64    `json:"expires"` // Unix seconds
	Revoked bool     `json:"revoked"`
}

func newGrantView(g *authority.Grant) grantView {
	return grantView{g.ID, g.App.Key, g.OpenID, g.Name, kindOfUser(g.UserType), g.Scopes,
		invent.Each(g.Shops, func(s *world.Shop) string { return s.ID }), g.Expires, g.Revoked}
}

func getGrants(s *gate.Gate, w http.ResponseWriter, _ *http.Request) {
	a := s.State.Load().Authority
	a.Mu.RLock()
	list := invent.Each(a.Grants, newGrantView)
	a.Mu.RUnlock()
	gate.ControlAnswer(w, http.StatusOK, struct {
		Grants []grantView `json:"grants"`
	}{list})
}

// postGrant lets a user authorize an app without a browser, and hands out what
// the app would get in exchange for its code.
func postGrant(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var order struct {
		AppKey string   `json:"app_key"` // empty means the first app
		User   string   `json:"user"`    // open id or name; empty means the first seller
		Scopes []string `json:"scopes"`  // none means all
	}
	if !gate.ControlBody(w, r, &order) {
		return
	}
	now := s.Clock.Now()
	a := s.State.Load().Authority
	a.Mu.Lock()
	defer a.Mu.Unlock()
	to := a.AppWith(func(known *authority.App) bool { return order.AppKey == "" || known.Key == order.AppKey })
	if to == nil {
		gate.ControlError(w, http.StatusNotFound, "no app has this key")
		return
	}
	i := slices.IndexFunc(a.Users, func(u *authority.User) bool {
		return order.User == "" || u.OpenID == order.User || u.Name == order.User
	})
	if i < 0 {
		gate.ControlError(w, http.StatusNotFound, "no user has this open id or name")
		return
	}
	for _, scope := range order.Scopes {
		if !slices.Contains(a.Users[i].Scopes(), scope) || !to.Allows(scope) {
			gate.ControlError(w, http.StatusBadRequest, "this user cannot give this app the scope "+scope)
			return
		}
	}
	g := a.Authorize(to, a.Users[i], order.Scopes, now)
	access, refresh := a.Issue(g, now)
	gate.ControlAnswer(w, http.StatusCreated, struct {
		grantView
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		AuthCode     string `json:"auth_code"`
	}{newGrantView(g), access, refresh, a.NewCode(g, now)})
}

// deleteGrant revokes a grant, as the user can on the platform. The app learns
// it, of a seller for each shop. Of partners no document says that it does.
func deleteGrant(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	st := s.State.Load()
	revoked := st.Authority.Revoke(r.PathValue("id"))
	if revoked == nil {
		gate.ControlError(w, http.StatusNotFound, "no such grant, or it is revoked already")
		return
	}
	switch revoked.UserType {
	case authority.UserSeller:
		for _, shop := range revoked.Shops {
			tellDeauthorization(st.World, revoked.App, shop)
		}
	case authority.UserCreator:
		notify.Of(st.World).Tell(revoked.App, notify.Subject{Creator: revoked.OpenID}, int(event.TypeCreatorDeauthorization), creatorDeauthorization{
			s.Clock.Now().Unix(),
		})
	}
	gate.ControlAnswer(w, http.StatusOK, struct{}{})
}

// expireGrant lets the tokens of a grant expire, as time would.
func expireGrant(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var order struct {
		Refresh bool `json:"refresh"` // the refresh tokens, too
	}
	if r.ContentLength != 0 && !gate.ControlBody(w, r, &order) {
		return
	}
	count, ok := s.State.Load().Authority.Expire(r.PathValue("id"), order.Refresh, s.Clock.Now())
	if !ok {
		gate.ControlError(w, http.StatusNotFound, "no grant has this id")
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Expired int `json:"expired"`
	}{count})
}

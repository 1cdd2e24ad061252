package sandbox

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// The data of the webhooks that tell an app that it may no longer act for
// somebody.
type (
	sellerDeauthorization struct {
		Message string `json:"message"`
	}
	creatorDeauthorization struct {
		CancelTime int64 `json:"cancel_time"` // a number in the sample, text in the table
	}
)

func getApps(s *gatehouse, w http.ResponseWriter, _ *http.Request) {
	a := s.state.Load().authority
	a.mu.RLock()
	list := each(a.apps, func(known *app) registration { return known.registration })
	a.mu.RUnlock()
	controlAnswer(w, http.StatusOK, struct {
		Apps []registration `json:"apps"`
	}{list})
}

func postApp(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var given registration
	if !controlBody(w, r, &given) {
		return
	}
	given, err := given.withDefaults()
	if err != nil {
		controlError(w, http.StatusBadRequest, err.Error())
		return
	}
	a := s.state.Load().authority
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.appWith(func(known *app) bool { return known.Key == given.Key || known.ServiceID == given.ServiceID }) != nil {
		controlError(w, http.StatusConflict, "there is an app with this key or service id")
		return
	}
	a.apps = append(a.apps, newApp(given))
	controlAnswer(w, http.StatusCreated, given)
}

// userView is a user as the control shows them.
type userView struct {
	OpenID              string     `json:"open_id"`
	Kind                string     `json:"kind"` // seller, creator or partner
	UserType            int        `json:"user_type"`
	Name                string     `json:"name"`
	Region              string     `json:"region"`
	CategoryAssetCipher string     `json:"category_asset_cipher,omitempty"`
	Shops               []identity `json:"shops"`
}

func getUsers(s *gatehouse, w http.ResponseWriter, _ *http.Request) {
	list := []userView{}
	for _, u := range s.state.Load().authority.users {
		view := userView{u.openID, kindOfUser(u.userType), u.userType, u.name, u.region, u.assetCipher, []identity{}}
		for _, owned := range u.shops {
			view.Shops = append(view.Shops, owned.identity)
		}
		list = append(list, view)
	}
	controlAnswer(w, http.StatusOK, struct {
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
	Expires int64    `json:"expires"` // Unix seconds
	Revoked bool     `json:"revoked"`
}

func newGrantView(g *grant) grantView {
	return grantView{g.id, g.app.Key, g.openID, g.name, kindOfUser(g.userType), g.scopes, g.expires, g.revoked}
}

func getGrants(s *gatehouse, w http.ResponseWriter, _ *http.Request) {
	a := s.state.Load().authority
	a.mu.RLock()
	list := each(a.grants, newGrantView)
	a.mu.RUnlock()
	controlAnswer(w, http.StatusOK, struct {
		Grants []grantView `json:"grants"`
	}{list})
}

// postGrant lets a user authorize an app without a browser, and hands out what
// the app would get in exchange for its code.
func postGrant(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var order struct {
		AppKey string   `json:"app_key"` // empty means the first app
		User   string   `json:"user"`    // open id or name; empty means the first seller
		Scopes []string `json:"scopes"`  // none means all
	}
	if !controlBody(w, r, &order) {
		return
	}
	now := s.clock.Now()
	a := s.state.Load().authority
	a.mu.Lock()
	defer a.mu.Unlock()
	to := a.appWith(func(known *app) bool { return order.AppKey == "" || known.Key == order.AppKey })
	if to == nil {
		controlError(w, http.StatusNotFound, "no app has this key")
		return
	}
	i := slices.IndexFunc(a.users, func(u *user) bool {
		return order.User == "" || u.openID == order.User || u.name == order.User
	})
	if i < 0 {
		controlError(w, http.StatusNotFound, "no user has this open id or name")
		return
	}
	for _, scope := range order.Scopes {
		if !slices.Contains(a.users[i].scopes(), scope) || !to.allows(scope) {
			controlError(w, http.StatusBadRequest, "this user cannot give this app the scope "+scope)
			return
		}
	}
	g := a.authorize(to, a.users[i], order.Scopes, now)
	access, refresh := a.issue(g, now)
	controlAnswer(w, http.StatusCreated, struct {
		grantView
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		AuthCode     string `json:"auth_code"`
	}{newGrantView(g), access, refresh, a.newCode(g, now)})
}

// deleteGrant revokes a grant, as the user can on the platform. The app learns
// it, of a seller for each shop. Of partners no document says that it does.
func deleteGrant(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	st := s.state.Load()
	revoked := st.authority.revoke(r.PathValue("id"))
	if revoked == nil {
		controlError(w, http.StatusNotFound, "no such grant, or it is revoked already")
		return
	}
	h := webhooksOf(st.world)
	switch revoked.userType {
	case userSeller:
		for _, shop := range revoked.shops {
			h.tell(revoked.app, subject{shop: shop}, int(event.TypeSellerDeauthorization), sellerDeauthorization{
				"The seller has ended the authorization of the app.",
			})
		}
	case userCreator:
		h.tell(revoked.app, subject{creator: revoked.openID}, int(event.TypeCreatorDeauthorization), creatorDeauthorization{
			s.clock.Now().Unix(),
		})
	}
	controlAnswer(w, http.StatusOK, struct{}{})
}

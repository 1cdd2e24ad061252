package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/gif"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

const chats = "/customer_service/202309/conversations"

type chatMessage struct {
	ID, Index, Type, Content, Data string
	CreateTime                     int64 `json:"create_time"`
	Visible                        bool  `json:"is_visible"`
	Sender                         struct {
		IM       string `json:"im_user_id"`
		Role     string
		Nickname string
	}
}

type conversation struct {
	ID           string
	Unread       int  `json:"unread_count"`
	CanSend      bool `json:"can_send_message"`
	Count        int  `json:"participant_count"`
	Participants []struct {
		Role, Nickname, Avatar string
		UserID                 string `json:"user_id"`
	}
	Latest chatMessage `json:"latest_message"`
}

// conversations reads all conversations of a shop, page by page.
func (w *world) conversations(t testing.TB, region string) (all []conversation) {
	t.Helper()
	for token := ""; ; {
		var page struct {
			Conversations []conversation
			Next          string `json:"next_page_token"`
		}
		w.call(t, region, "GET", chats, "page_size=4&page_token="+url.QueryEscape(token), "").into(t, &page)
		all = append(all, page.Conversations...)
		if token = page.Next; token == "" {
			return all
		}
	}
}

func (w *world) conversation(t testing.TB, region, id string) conversation {
	t.Helper()
	var one struct{ Conversation conversation }
	w.call(t, region, "GET", "/customer_service/202601/conversations/"+id, "", "").into(t, &one)
	return one.Conversation
}

// messages reads all messages of a conversation, page by page.
func (w *world) messages(t testing.TB, region, id, query string) (all []chatMessage) {
	t.Helper()
	for token := ""; ; {
		var page struct {
			Messages []chatMessage
			Next     string `json:"next_page_token"`
		}
		w.call(t, region, "GET", chats+"/"+id+"/messages", "page_size=2&"+query+"&page_token="+url.QueryEscape(token), "").into(t, &page)
		all = append(all, page.Messages...)
		if token = page.Next; token == "" {
			return all
		}
	}
}

func (w *world) sendTo(t testing.TB, region, id, kind, content string) *answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"type": kind, "content": content})
	if err != nil {
		t.Fatal(err)
	}
	return w.call(t, region, "POST", chats+"/"+id+"/messages", "", string(body))
}

// turn lets a buyer turn to the customer service.
func (w *world) turn(t testing.TB, body string) string {
	t.Helper()
	var c struct {
		ID string `json:"conversation_id"`
	}
	if err := json.Unmarshal(w.steer(t, "POST", "conversations", body, http.StatusCreated), &c); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// The seed's conversations are with buyers who ordered, the one in which
// somebody wrote last comes first, and their messages come in order.
func TestSeededConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		list := w.conversations(t, region)
		unread, ended := 0, 0
		for i, c := range list {
			unread += c.Unread
			if !c.CanSend {
				ended++
			}
			if c.Count != len(c.Participants) || c.Participants[0].Role != "BUYER" || c.Participants[0].Nickname == "" {
				t.Errorf("%s: participants %+v", region, c.Participants)
			}
			if i > 0 && c.Latest.CreateTime > list[i-1].Latest.CreateTime || c.Latest.CreateTime > start.Unix() {
				t.Errorf("%s: out of order: %+v", region, list)
			}
			var newest, oldest []string
			for _, m := range w.messages(t, region, c.ID, "") {
				newest = append(newest, m.Index)
				var about struct {
					OrderID string `json:"order_id"`
				}
				if err := json.Unmarshal([]byte(m.Content), &about); err != nil {
					t.Errorf("%s: content %q", region, m.Content)
				}
				if about.OrderID == "" {
					continue
				}
				if o := w.order(t, region, about.OrderID); o.UserID != c.Participants[0].UserID {
					t.Errorf("%s: the order of %s in the chat of %s", region, o.UserID, c.Participants[0].UserID)
				}
			}
			for _, m := range w.messages(t, region, c.ID, "sort_order=ASC&sort_field=index&need_data=true") {
				oldest = append(oldest, m.Index)
				if m.Data != m.Content || m.Sender.IM == "" || m.Sender.Nickname == "" {
					t.Errorf("%s: %+v", region, m)
				}
			}
			slices.Reverse(newest)
			if newest[len(newest)-1] != c.Latest.Index || !slices.Equal(newest, oldest) || !slices.IsSorted(oldest) {
				t.Errorf("%s: messages %v and %v, the latest %s", region, newest, oldest, c.Latest.Index)
			}
			if one := w.conversation(t, region, c.ID); one.Unread != c.Unread || one.Count != c.Count {
				t.Errorf("%s: alone %+v, in the list %+v", region, one, c)
			}
		}
		if len(list) != 6 || unread == 0 || ended == 0 || ended == len(list) {
			t.Errorf("%s: %d conversations, %d unread messages, %d ended", region, len(list), unread, ended)
		}
	}
}

// A buyer writes, the agent reads and answers, the conversation ends and is
// opened again; what happens is announced.
func TestConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.listenAt(t, r, "", "13,14")
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	heard := func(want ...string) {
		t.Helper()
		var got []string
		for range want {
			e := r.next(t)
			what := fmt.Sprint(e.Type)
			if e.Type == 14 {
				sender, _ := e.Data["sender"].(map[string]any)
				what = fmt.Sprint("14 ", sender["role"], " ", e.Data["type"], " ", e.Data["is_visible"])
			}
			got = append(got, what)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
	gb := w.shop("GB").ID
	order := w.placed(t, "GB", "", "DELIVERED", 1)
	id := w.turn(t, fmt.Sprintf(`{"shop_id":%q,"order_id":%q,"text":"Where is it?"}`, gb, order))
	heard("13", "14 SYSTEM BUYER_ENTER_FROM_ORDER true", "14 SYSTEM ALLOCATED_SERVICE false", "14 BUYER TEXT true")
	w.steer(t, "POST", "conversations/"+id+"/messages", fmt.Sprintf(`{"type":"ORDER_CARD","content":{"order_id":%q}}`, order), http.StatusCreated)
	heard("14 BUYER ORDER_CARD true")
	if c := w.conversation(t, "GB", id); c.Unread != 2 || c.Count != 3 {
		t.Errorf("%+v", c)
	}
	var sent struct {
		ID string `json:"message_id"`
	}
	w.sendTo(t, "GB", id, "TEXT", `{"content":"On its way."}`).into(t, &sent)
	heard("14 CUSTOMER_SERVICE TEXT true")
	if c := w.conversations(t, "GB")[0]; c.ID != id || c.Unread != 2 || c.Latest.ID != sent.ID || !c.CanSend {
		t.Errorf("%+v", c)
	}
	w.call(t, "GB", "POST", chats+"/"+id+"/messages/read", "", "").into(t, &struct{}{})
	if c := w.conversation(t, "GB", id); c.Unread != 0 {
		t.Errorf("%d unread messages after reading", c.Unread)
	}

	w.steer(t, "POST", "conversations/"+id+"/end", `{"rating":5}`, http.StatusOK)
	heard("13")
	w.steer(t, "POST", "conversations/"+id+"/end", `{}`, http.StatusConflict)
	if a := w.sendTo(t, "GB", id, "TEXT", `{"content":"One more thing"}`); a.Code != 45109001 {
		t.Errorf("after the end: %d", a.Code)
	}
	buyer := w.conversations(t, "GB")[0].Participants[0].UserID
	for range 2 { // the second time it is open already
		var again struct {
			ID string `json:"conversation_id"`
		}
		w.call(t, "GB", "POST", chats, "", fmt.Sprintf(`{"buyer_user_id":%q}`, buyer)).into(t, &again)
		if again.ID != id {
			t.Errorf("opened %s, not %s", again.ID, id)
		}
	}
	heard("13")
	w.sendTo(t, "GB", id, "TEXT", `{"content":"One more thing"}`).into(t, &sent)
	heard("14 CUSTOMER_SERVICE TEXT true")

	// A week of silence ends it, and a new message lets it go on.
	w.advance(t, "168h")
	w.credentials = w.Credentials()
	for e := r.next(t); e.Data["conversation_id"] != id; e = r.next(t) { // those of the seed end too
		if e.Type != 13 {
			t.Errorf("%+v", e)
		}
	}
	if c := w.conversations(t, "GB"); c[0].ID != id || c[0].CanSend {
		t.Errorf("%+v", c[0])
	}
	if list := w.deliveries(t, "?type=14"); len(list) != 6 {
		t.Errorf("%d messages were announced", len(list))
	}

	// Without automatic chats nobody joins by themselves.
	w.call(t, "GB", "PUT", "/customer_service/202309/agents/settings", "", `{"can_accept_chat":false}`).into(t, &struct{}{})
	var settings struct {
		Accept bool `json:"can_accept_chat"`
	}
	w.call(t, "GB", "GET", "/customer_service/202309/agents/settings", "", "").into(t, &settings)
	before := len(w.deliveries(t, "?type=13"))
	w.steer(t, "POST", "conversations/"+id+"/messages", `{"text":"Hello?"}`, http.StatusCreated)
	if c := w.conversation(t, "GB", id); settings.Accept || c.Count != 2 || len(w.deliveries(t, "?type=13")) != before {
		t.Errorf("settings %+v, %+v", settings, c)
	}
	w.sendTo(t, "GB", id, "TEXT", `{"content":"Yes?"}`).into(t, &sent) // who answers is in it
	if c := w.conversation(t, "GB", id); c.Count != 3 || len(w.deliveries(t, "?type=13")) != before+1 {
		t.Errorf("%+v", c)
	}
}

func TestSendMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	gb := w.shop("GB").ID
	delivered := w.placed(t, "GB", "", "DELIVERED", 1)
	id := w.turn(t, fmt.Sprintf(`{"shop_id":%q,"order_id":%q}`, gb, delivered))
	buyer := w.conversation(t, "GB", id).Participants[0].UserID
	unpaid := w.placeAs(t, placing{ShopID: gb, BuyerID: buyer, Lines: []placedLine{{w.offers(t, "GB", 1)[0].ID, 1}}})
	other := w.turn(t, fmt.Sprintf(`{"shop_id":%q}`, w.shop("US").ID))
	live, draft := w.withStatus(t, "GB", "ACTIVATE").ID, w.withStatus(t, "GB", "DRAFT").ID
	var coupons struct {
		Coupons []struct{ ID, Status string }
	}
	w.call(t, "GB", "POST", "/promotion/202406/coupons/search", "page_size=20", "{}").into(t, &coupons)
	coupon := map[string]string{}
	for _, c := range coupons.Coupons {
		coupon[c.Status] = c.ID
	}
	picture := w.chatImage(t, "GB", encodeImage(t, "png"))
	card := func(name, id string) string { return fmt.Sprintf(`{%q:%q}`, name, id) }
	for _, test := range []struct {
		name, to, kind, content string
		code                    int
	}{
		{"text", id, "TEXT", `{"content":"Hello"}`, 0},
		{"bare text", id, "TEXT", `Hello`, 45101001},
		{"empty text", id, "TEXT", `{"content":" "}`, 45101001},
		{"longest text", id, "TEXT", `{"content":"` + strings.Repeat("é", 1986) + `"}`, 0},
		{"long text", id, "TEXT", `{"content":"` + strings.Repeat("é", 1987) + `"}`, 45101001},
		{"unknown type", id, "SONG", `{"content":"Hello"}`, 36009004},
		{"a buyer's type", id, "EMOTICONS", `{"content":"Hello"}`, 36009004},
		{"image", id, "IMAGE", fmt.Sprintf(`{"url":%q,"width":"40","height":"30"}`, picture), 0},
		{"image with numbers", id, "IMAGE", fmt.Sprintf(`{"url":%q,"width":40,"height":30}`, picture), 0},
		{"image from elsewhere", id, "IMAGE", `{"url":"https://example.com/a.png","width":"40","height":"30"}`, 45101001},
		{"image without a size", id, "IMAGE", fmt.Sprintf(`{"url":%q}`, picture), 45101001},
		{"video", id, "VIDEO", `{"url":"https://example.com/a.mp4"}`, 0},
		{"empty video", id, "VIDEO", `{}`, 45101001},
		{"product", id, "PRODUCT_CARD", card("product_id", live), 0},
		{"draft", id, "PRODUCT_CARD", card("product_id", draft), 45101001},
		{"order", id, "ORDER_CARD", card("order_id", unpaid), 0},
		{"somebody's order", id, "ORDER_CARD", card("order_id", w.anotherOrder(t, "GB", buyer)), 45101001},
		{"return", id, "RETURN_REFUND_CARD", card("order_id", delivered), 0},
		{"nothing to return", id, "RETURN_REFUND_CARD", card("order_id", unpaid), 45101002},
		{"parcel", id, "LOGISTICS_CARD", card("order_id", delivered), 0},
		{"no parcel", id, "LOGISTICS_CARD", card("order_id", unpaid), 45101001},
		{"coupon over", id, "COUPON_CARD", card("coupon_id", coupon["EXPIRED"]), 45111017},
		{"coupon", id, "COUPON_CARD", card("coupon_id", coupon["ONGOING"]), 0},
		{"coupons too fast", id, "COUPON_CARD", card("coupon_id", coupon["ONGOING"]), 45111012},
		{"nowhere", "7", "TEXT", `{"content":"Hello"}`, 45101003},
		{"another shop's", other, "TEXT", `{"content":"Hello"}`, 45102007},
	} {
		before := len(w.messages(t, "GB", id, ""))
		a := w.sendTo(t, "GB", test.to, test.kind, test.content)
		if a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", test.name, a.Code, a.Message, test.code)
		}
		if got := len(w.messages(t, "GB", id, "")); (got > before) != (test.code == 0) {
			t.Errorf("%s: %d messages, were %d", test.name, got, before)
		}
	}
	w.advance(t, "2s")
	w.sendTo(t, "GB", id, "COUPON_CARD", card("coupon_id", coupon["ONGOING"])).into(t, &struct{}{})

	for name, a := range map[string]*answer{
		"another shop's messages": w.call(t, "GB", "GET", chats+"/"+other+"/messages", "page_size=1", ""),
		"no messages":             w.call(t, "GB", "GET", chats+"/7/messages", "page_size=1", ""),
		"nothing to read":         w.call(t, "GB", "POST", chats+"/7/messages/read", "", ""),
		"no conversation":         w.call(t, "GB", "GET", "/customer_service/202601/conversations/7", "", ""),
	} {
		if a.Code != 45101003 {
			t.Errorf("%s: code %d", name, a.Code)
		}
	}
	for query, path := range map[string]string{"page_size=21": chats, "page_size=0": chats, "page_size=11": chats + "/" + id + "/messages", "": chats} {
		if a := w.call(t, "GB", "GET", path, query, ""); a.Code != 36009004 {
			t.Errorf("%q: code %d", query, a.Code)
		}
	}
	if a := w.call(t, "GB", "POST", chats, "", `{"buyer_user_id":"7"}`); a.Code != 45109003 {
		t.Errorf("a stranger: code %d", a.Code)
	}
}

// anotherOrder returns an order of somebody else.
func (w *world) anotherOrder(t *testing.T, region, buyer string) string {
	t.Helper()
	var found struct{ Orders []order }
	w.call(t, region, "POST", searchPath, "page_size=50", "").into(t, &found)
	for _, o := range found.Orders {
		if o.UserID != buyer {
			return o.ID
		}
	}
	t.Fatal("all orders are theirs")
	panic("not reached")
}

// encodeImage returns a picture of 40 to 30 pixels.
func encodeImage(t *testing.T, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if picture := image.NewGray(image.Rect(0, 0, 40, 30)); format == "gif" {
		err = gif.Encode(&b, picture, nil)
	} else {
		err = png.Encode(&b, picture)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w *world) uploadChat(t *testing.T, region, field string, file []byte) *answer {
	t.Helper()
	return w.uploadPicture(t, "/customer_service/202309/images/upload", "shop_cipher="+url.QueryEscape(w.shop(region).Cipher), field, file)
}

// uploadPicture sends a file in a form.
func (w *world) uploadPicture(t *testing.T, path, query, field string, file []byte) *answer {
	t.Helper()
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile(field, "picture")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	e := w.request("POST", path, query, form.String())
	e.header.Set("Content-Type", m.FormDataContentType())
	return w.send(t, e)
}

func (w *world) chatImage(t *testing.T, region string, file []byte) string {
	t.Helper()
	var uploaded struct {
		URL           string
		Width, Height int
	}
	w.uploadChat(t, region, "data", file).into(t, &uploaded)
	if uploaded.Width != 40 || uploaded.Height != 30 {
		t.Errorf("%+v", uploaded)
	}
	return uploaded.URL
}

// What was uploaded is served as it came.
func TestChatImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, format := range []string{"png", "gif"} {
		file := encodeImage(t, format)
		recorder := httptest.NewRecorder()
		w.ServeHTTP(recorder, httptest.NewRequest("GET", w.chatImage(t, "VN", file), nil))
		if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "image/"+format || !bytes.Equal(recorder.Body.Bytes(), file) {
			t.Errorf("%s: status %d, %s", format, recorder.Code, recorder.Header().Get("Content-Type"))
		}
	}
	for name, a := range map[string]*answer{
		"no image": w.uploadChat(t, "VN", "data", []byte("GIF8 or so")),
		"bitmap":   w.uploadChat(t, "VN", "data", []byte("BM")),
		"empty":    w.uploadChat(t, "VN", "data", nil),
		"no field": w.uploadChat(t, "VN", "file", encodeImage(t, "png")),
		"large":    w.uploadChat(t, "VN", "data", append(encodeImage(t, "png"), make([]byte, 10<<20)...)),
	} {
		if a.Code != 36009004 {
			t.Errorf("%s: code %d: %s", name, a.Code, a.Message)
		}
	}
}

func TestChatPerformance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	read := func(from, to string) (p struct {
		Performance struct {
			Response     string `json:"response_percentage"`
			Minutes      string `json:"response_time_mins"`
			Satisfaction string `json:"satisfaction_percentage"`
			Sessions     int    `json:"support_session_count"`
		}
	}) {
		t.Helper()
		w.call(t, "US", "GET", "/customer_service/202407/performance", "support_date_ge="+from+"&support_date_lt="+to, "").into(t, &p)
		return p
	}
	if p := read("2026-04-01", "2026-04-02").Performance; p.Sessions != 0 || p.Response != "0.00" {
		t.Errorf("nobody wrote: %+v", p)
	}
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	w.steer(t, "POST", "clock", fmt.Sprintf(`{"set":%d}`, at.Unix()), http.StatusOK)
	w.now, w.credentials = at, w.Credentials()
	first := w.turn(t, fmt.Sprintf(`{"shop_id":%q,"text":"One"}`, w.shop("US").ID))
	w.turn(t, fmt.Sprintf(`{"shop_id":%q,"text":"Two"}`, w.shop("US").ID))
	w.advance(t, "30m")
	w.sendTo(t, "US", first, "TEXT", `{"content":"Answer"}`).into(t, &struct{}{})
	w.steer(t, "POST", "conversations/"+first+"/end", `{"rating":4}`, http.StatusOK)
	if p := read("2026-04-01", "2026-04-02").Performance; p.Sessions != 2 || p.Response != "50.00" || p.Minutes != "30.00" || p.Satisfaction != "100.00" {
		t.Errorf("%+v", p)
	}
	for _, query := range []string{"support_date_ge=2026-04-02&support_date_lt=2026-04-02", "support_date_ge=yesterday&support_date_lt=2026-04-02", "support_date_ge=2026-04-02"} {
		if a := w.call(t, "US", "GET", "/customer_service/202407/performance", query, ""); a.Code != 36009004 {
			t.Errorf("%s: code %d", query, a.Code)
		}
	}
}

func TestChatControlRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gb := w.shop("GB").ID
	foreign := w.anotherOrder(t, "US", "")
	for body, status := range map[string]int{
		`{"shop_id":"7"}`: http.StatusNotFound,
		`{"shop":"7"}`:    http.StatusBadRequest,
		fmt.Sprintf(`{"shop_id":%q,"buyer_user_id":"7"}`, gb):             http.StatusConflict,
		fmt.Sprintf(`{"shop_id":%q,"order_id":%q}`, gb, foreign):          http.StatusConflict,
		fmt.Sprintf(`{"shop_id":%q,"product_id":"7"}`, gb):                http.StatusConflict,
		fmt.Sprintf(`{"shop_id":%q,"product_id":"7","order_id":"8"}`, gb): http.StatusConflict,
	} {
		w.steer(t, "POST", "conversations", body, status)
	}
	id := w.turn(t, fmt.Sprintf(`{"shop_id":%q,"product_id":%q}`, gb, w.withStatus(t, "GB", "ACTIVATE").ID))
	for body, status := range map[string]int{
		`{}`: http.StatusBadRequest, `{"text":"a","content":{}}`: http.StatusBadRequest, `{"type":"COUPON_CARD","content":{}}`: http.StatusBadRequest,
		`{"type":"IMAGE","text":"a"}`: http.StatusBadRequest, `{"type":"IMAGE","content":"a"}`: http.StatusBadRequest, `{"text":"a"}`: http.StatusCreated,
	} {
		w.steer(t, "POST", "conversations/"+id+"/messages", body, status)
	}
	w.steer(t, "POST", "conversations/7/messages", `{"text":"a"}`, http.StatusNotFound)
	w.steer(t, "POST", "conversations/7/end", `{}`, http.StatusNotFound)
	w.steer(t, "POST", "conversations/"+id+"/end", `{"rating":6}`, http.StatusBadRequest)
}

// A snapshot keeps conversations, and both sandboxes go on alike.
func TestChatSnapshot(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t, func(c *sandbox.Config) { c.Seed = 5 })
	id := w.turn(t, fmt.Sprintf(`{"shop_id":%q,"text":"One"}`, w.shop("VN").ID))
	w.sendTo(t, "VN", id, "TEXT", `{"content":"Two"}`).into(t, &struct{}{})
	w.call(t, "VN", "POST", chats+"/"+id+"/messages/read", "", "").into(t, &struct{}{})
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	other.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	var after [2][]byte
	for i, w := range []*world{w, other} {
		if i == 1 {
			if again := w.steer(t, "GET", "snapshot", "", http.StatusOK); !bytes.Equal(taken, again) {
				t.Fatalf("differs: %s", firstDifference(taken, again))
			}
		}
		w.steer(t, "POST", "conversations/"+id+"/messages", `{"text":"Three"}`, http.StatusCreated)
		after[i] = w.steer(t, "GET", "snapshot", "", http.StatusOK)
	}
	if !bytes.Equal(after[0], after[1]) {
		t.Errorf("they do not go on alike: %s", firstDifference(after[0], after[1]))
	}
}

// Buyers, agents and readers at the same time lose no message.
func TestChatConcurrency(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 12
	w := newWorld(t)
	id := w.turn(t, fmt.Sprintf(`{"shop_id":%q}`, w.shop("US").ID))
	before := len(w.messages(t, "US", id, ""))
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() {
			for i := range each {
				if writer%2 == 0 {
					w.steer(t, "POST", "conversations/"+id+"/messages", fmt.Sprintf(`{"text":"%d.%d"}`, writer, i), http.StatusCreated)
				} else if a := w.sendTo(t, "US", id, "TEXT", fmt.Sprintf(`{"content":"%d.%d"}`, writer, i)); a.Code != 0 {
					t.Errorf("code %d: %s", a.Code, a.Message)
				}
				w.conversations(t, "US")
				w.call(t, "US", "POST", chats+"/"+id+"/messages/read", "", "")
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, m := range w.messages(t, "US", id, "sort_order=ASC") {
		seen[m.Content] = true
	}
	if got := len(w.messages(t, "US", id, "")); got != before+writers*each || len(seen) < writers*each {
		t.Errorf("%d messages, %d different ones", got, len(seen))
	}
	if c := w.conversation(t, "US", id); c.Unread != 0 {
		t.Errorf("%d unread", c.Unread)
	}
}

package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"testing"
)

// chatList lists the conversations of a shop with creators.
func (w *world) chatList(t *testing.T, region, query string) []object {
	t.Helper()
	return w.every(t, region, "GET", collaborations+"202412/conversations", "page_size=2&only_need_conversation_id=false&"+query, "", "conversations", byID)
}

// talk lists the messages of a conversation with a creator, the newest first.
func (w *world) talk(t *testing.T, region, id string) (list []object) {
	t.Helper()
	for _, m := range w.every(t, region, "GET", collaborations+"202412/conversation/"+id+"/messages", "page_size=2", "", "messages", func(o object) any { return o["conversation_index"] }) {
		list = append(list, sub(m, "message_body"))
	}
	return list
}

// Every shop has conversations with creators, whose messages are about things that
// there are.
func TestCreatorChats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		list := w.chatList(t, region, "conversation_status=ALL")
		if len(list) < 2 {
			t.Fatalf("%s: %v", region, list)
		}
		unread, unreplied := 0, 0
		for _, c := range list {
			said := w.talk(t, region, c["id"].(string))
			if len(said) == 0 || c["username"] == "" || c["avatar"] == "" {
				t.Errorf("%s: %v says %v", region, c, said)
			}
			for i, m := range said {
				if i > 0 && count(m, "create_time") > count(said[i-1], "create_time") || m["conversation_id"] != c["id"] || !json.Valid([]byte(m["content"].(string))) {
					t.Errorf("%s: %v after %v", region, m, said[max(0, i-1)])
				}
			}
			if count(c, "unread_count") > 0 {
				unread++
			}
			if said[0]["sender_id"] == c["creator_im_id"] {
				unreplied++
			}
		}
		if got := len(w.chatList(t, region, "conversation_status=UNREAD")); got != unread || unread == 0 || unread == len(list) {
			t.Errorf("%s: %d unread, filtered %d", region, unread, got)
		}
		if got := len(w.chatList(t, region, "conversation_status=UNREPLIED")); got != unreplied {
			t.Errorf("%s: %d without a reply, filtered %d", region, unreplied, got)
		}
		for _, version := range []string{"202412", "202505"} {
			short := w.every(t, region, "GET", collaborations+version+"/conversations", "page_size=50", "", "conversations", byID)
			if len(short) != len(list) || short[0]["username"] != nil || short[0]["id"] != list[0]["id"] {
				t.Errorf("%s: ids only: %v", version, short)
			}
		}
	}
}

// A shop and a creator write to each other.
func TestTalkToCreator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	heard := newReceiver(t, w)
	w.listenAt(t, heard, "", "33")
	cr := w.creators(t, "US", `{}`)[7]
	open := func(body string) object {
		t.Helper()
		var c object
		w.call(t, "US", "POST", collaborations+"202508/conversations", "", body).into(t, &c)
		return c
	}
	c := open(fmt.Sprintf(`{"creator_open_id":%q,"only_need_conversation_id":false}`, cr["creator_open_id"]))
	id := c["conversation_id"].(string)
	if c["is_new"] != true || c["username"] != cr["username"] || count(c, "unread_count") != 0 {
		t.Fatalf("opened %v for %v", c, cr)
	}
	if again := open(fmt.Sprintf(`{"creator_open_id":%q}`, cr["creator_open_id"])); again["conversation_id"] != id || again["is_new"] != false || again["username"] != nil {
		t.Errorf("opened again: %v", again)
	}
	target := w.invite(t, "US", fmt.Sprintf(`"creator_user_open_ids":[%q]`, cr["creator_open_id"]))
	var detail struct {
		Target object `json:"target_collaboration"`
	}
	w.call(t, "US", "GET", collaborations+"202409/target_collaborations/"+target, "", "").into(t, &detail)
	invited := detail.Target["creators"].([]any)[0].(object)
	var older object // which knows creators by user id
	w.call(t, "US", "POST", collaborations+"202412/conversations", "", fmt.Sprintf(`{"creator_id":%q}`, invited["user_id"])).into(t, &older)
	if older["conversation_id"] != id || older["is_new"] != false {
		t.Errorf("by user id: %v", older)
	}
	product := w.unpromoted(t, "US")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	var stored object
	w.uploadPicture(t, collaborations+"202511/images/upload", "", "data", picture.Bytes()).into(t, &stored)
	send := func(kind string, content any) *answer {
		t.Helper()
		raw, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		return w.call(t, "US", "POST", collaborations+"202412/conversations/"+id+"/messages", "", fmt.Sprintf(`{"msg_type":%q,"content":%q}`, kind, raw))
	}
	for i, m := range []struct {
		kind    string
		content object
	}{
		{"TEXT", object{"content": "Hello!"}}, {"PRODUCT_CARD", object{"product_id": product}},
		{"TARGET_COLLABORATION_CARD", object{"target_collaboration_id": target}},
		{"IMAGE", object{"url": stored["url"], "width": stored["width"], "height": stored["height"]}},
	} {
		var sent object
		send(m.kind, m.content).into(t, &sent)
		if said := w.talk(t, "US", id); len(said) != i+1 || said[0]["id"] != sent["message_id"] || said[0]["type"] != m.kind {
			t.Errorf("said %v", said)
		}
	}
	write := func(status int, more string) {
		t.Helper()
		w.steer(t, "POST", "creator_messages", fmt.Sprintf(`{"shop_id":%q,"creator":%q,%s}`, w.shop("US").ID, cr["username"], more), status)
	}
	write(http.StatusCreated, `"text":"Gladly"`)
	event := heard.next(t)
	if event.Data["conversation_id"] != id || event.Data["msg_type"] != "TEXT" || event.Data["content"] != `{"content":"Gladly"}` ||
		event.Data["create_time"] != strconv.FormatInt(w.now.Unix(), 10) || event.Data["sender"].(map[string]any)["sender_im_user_id"] != c["creator_im_id"] {
		t.Errorf("heard %v", event.Data)
	}
	write(http.StatusCreated, fmt.Sprintf(`"type":"TARGET_COLLABORATION_CARD","content":{"target_collaboration_id":%q}`, target))
	if event := heard.next(t); event.Data["content"] != fmt.Sprintf(`{"invitation_group_id":%q}`, target) {
		t.Errorf("heard %v", event.Data)
	}
	write(http.StatusConflict, `"type":"PRODUCT_CARD","content":{"product_id":"1"}`)
	write(http.StatusBadRequest, `"type":"SYSTEM","content":{}`)
	newest := func() []object {
		t.Helper()
		var data struct {
			List []object `json:"newest_message_list"`
		}
		w.call(t, "US", "GET", collaborations+"202412/conversations/messages/list/newest", "", "").into(t, &data)
		return data.List
	}
	if list := newest(); len(list) != 2 || list[0]["type"] != "TARGET_COLLABORATION_CARD" || count(list[1], "unread_message_count") != 2 || list[0]["sender_id"] != c["creator_im_id"] {
		t.Errorf("newest: %v", list)
	}
	top := w.chatList(t, "US", "")[0]
	if top["id"] != id || count(top, "unread_count") != 2 {
		t.Errorf("the first is %v", top)
	}
	w.advance(t, "2m")
	if list := newest(); len(list) != 0 {
		t.Errorf("two minutes later: %v", list)
	}
	var marked struct {
		Failed []string `json:"failed_conversation_ids"`
	}
	w.call(t, "US", "POST", collaborations+"202412/conversatons/read", "", fmt.Sprintf(`{"conversation_ids":[%q,"77"]}`, id)).into(t, &marked)
	if !slices.Equal(marked.Failed, []string{"77"}) || count(w.chatList(t, "US", "")[0], "unread_count") != 0 {
		t.Errorf("marked, but %v: %v", marked.Failed, w.chatList(t, "US", "")[0])
	}
	for name, a := range map[string]*answer{
		"no content":          send("TEXT", object{}),
		"an unknown product":  send("PRODUCT_CARD", object{"product_id": "1"}),
		"no sample of theirs": send("FREE_SAMPLE_CARD", object{"apply_id": "1"}),
		"a foreign image":     send("IMAGE", object{"url": "https://example.com/x.png", "width": 1, "height": 1}),
		"a type of notices":   send("NOTIFICATION", object{"content": "x"}),
		"no object":           send("TEXT", "x"),
		"no conversation":     w.call(t, "US", "GET", collaborations+"202412/conversation/77/messages", "page_size=2", ""),
		"a long page":         w.call(t, "US", "GET", collaborations+"202412/conversation/"+id+"/messages", "page_size=21", ""),
	} {
		if a.Code != 36009004 {
			t.Errorf("%s: code %d %s", name, a.Code, a.Message)
		}
	}
	british := w.creators(t, "GB", `{}`)[3]
	for open, code := range map[string]int{"nobody": 16030001, british["creator_open_id"].(string): 16032001} {
		if a := w.call(t, "US", "POST", collaborations+"202508/conversations", "", fmt.Sprintf(`{"creator_open_id":%q}`, open)); a.Code != code {
			t.Errorf("%s: code %d, want %d", open, a.Code, code)
		}
	}
}

// Conversations with creators outlive a snapshot, and one that has none of them
// loads.
func TestCreatorChatsOutliveSnapshots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "creator_messages", fmt.Sprintf(`{"shop_id":%q,"text":"Remember me"}`, w.shop("GB").ID), http.StatusCreated)
	saved := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	want := w.chatList(t, "GB", "")
	w.steer(t, "POST", "reset", `{}`, http.StatusOK)
	if got := w.chatList(t, "GB", ""); fmt.Sprint(got) == fmt.Sprint(want) {
		t.Error("a reset forgot nothing")
	}
	w.steer(t, "PUT", "snapshot", string(saved), http.StatusOK)
	if got := w.chatList(t, "GB", ""); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("restored are %v, want %v", got, want)
	}
	var old struct {
		Shops []map[string]json.RawMessage `json:"shops"`
	}
	whole := map[string]json.RawMessage{}
	for _, into := range []any{&old, &whole} {
		if err := json.Unmarshal(saved, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range old.Shops {
		if len(s["creator_chats"]) == 0 {
			t.Fatal("the snapshot has no conversations with creators")
		}
		delete(s, "creator_chats")
	}
	var err error
	if whole["shops"], err = json.Marshal(old.Shops); err != nil {
		t.Fatal(err)
	}
	older, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	w.steer(t, "PUT", "snapshot", string(older), http.StatusOK)
	if got := w.chatList(t, "GB", ""); len(got) != len(want)-1 && len(got) != len(want) {
		t.Errorf("an older snapshot has %v", got)
	}
}

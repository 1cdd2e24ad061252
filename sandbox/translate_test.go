package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const translationsPath = "/product/202505/images/translation_tasks"

type translationTask struct {
	ID       string
	Status   string
	Reason   string                    `json:"fail_reason"`
	Language string                    `json:"target_language"`
	Original struct{ URI, URL string } `json:"original_image"`
	Result   struct{ URI, URL string } `json:"translated_image"`
}

func (w *world) translations(t testing.TB, ids ...string) []translationTask {
	t.Helper()
	var list struct {
		Tasks []translationTask `json:"translation_tasks"`
	}
	w.call(t, "GB", "GET", "/product/202506/images/translation_tasks", "translation_task_ids="+strings.Join(ids, ","), "").into(t, &list)
	return list.Tasks
}

func (w *world) translate(t testing.TB, uri string, languages ...string) (ids []string) {
	t.Helper()
	var made struct {
		Tasks []struct {
			ID       string
			URI      string `json:"image_uri"`
			Language string `json:"target_language"`
		} `json:"translation_tasks"`
	}
	w.call(t, "GB", "POST", translationsPath, "", fmt.Sprintf(`{"images":[{"image_uri":%q,"target_languages":["%s"]}]}`, uri, strings.Join(languages, `","`))).into(t, &made)
	for i, task := range made.Tasks {
		if task.URI != uri || task.Language != languages[i] {
			t.Errorf("made %+v", task)
		}
		ids = append(ids, task.ID)
	}
	return ids
}

// A translation takes its time on the sandbox's clock, and is announced.
func TestTranslation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[46]}`, r.URL), http.StatusOK)
	uri := w.product(t, "GB", w.withStatus(t, "GB", "ACTIVATE").ID, "").MainImages[0].URI
	ids := w.translate(t, uri, "de-DE", "fr-FR")
	for _, task := range w.translations(t, ids...) {
		if task.Status != "PROCESSING" || task.Result.URI != "" || task.Original.URI != uri {
			t.Errorf("at first %+v", task)
		}
	}
	w.advance(t, "29s")
	if task := w.translations(t, ids[0])[0]; task.Status != "PROCESSING" {
		t.Errorf("too early: %+v", task)
	}
	state := w.Snapshot()
	if err := w.Restore(state); err != nil {
		t.Fatal(err)
	}
	w.advance(t, "2s")
	done := w.translations(t, ids...)
	for i, task := range done {
		if task.Status != "COMPLETED" || task.Reason != "" || task.Result.URI == "" || task.Result.URI == uri || task.Language != []string{"de-DE", "fr-FR"}[i] {
			t.Errorf("done %+v", task)
		}
		if got := r.next(t); got.Type != 46 || got.ShopID != w.shop("GB").ID {
			t.Errorf("announced %+v", got)
		}
	}
	if done[0].Result.URI == done[1].Result.URI {
		t.Error("two languages share a picture")
	}
	_, path, _ := strings.Cut(done[0].Result.URL, "/_sandbox/")
	if picture := w.steer(t, "GET", path, "", http.StatusOK); len(picture) == 0 {
		t.Errorf("nothing at %s", done[0].Result.URL)
	}
	if last := w.translations(t); len(last) != 2 || last[0].ID != ids[1] {
		t.Errorf("the last ones: %+v", last)
	}
}

func TestTranslationRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uri := w.product(t, "GB", w.withStatus(t, "GB", "ACTIVATE").ID, "").MainImages[0].URI
	body := func(uri string, languages ...string) string {
		return fmt.Sprintf(`{"images":[{"image_uri":%q,"target_languages":["%s"]}]}`, uri, strings.Join(languages, `","`))
	}
	many := strings.Split(strings.TrimSuffix(strings.Repeat("de-DE ", 21), " "), " ")
	for _, test := range []struct {
		region, body string
		code         int
	}{
		{"GB", body("tos/none", "de-DE"), 12038008},
		{"GB", body(uri, "en-US"), 12038009},
		{"GB", body(uri, many...), 12038010},
		{"US", body(uri, "de-DE"), 12038013},
		{"VN", body(uri, "de-DE"), 12038013},
		{"GB", `{"images":[]}`, invalid},
	} {
		if a := w.call(t, test.region, "POST", translationsPath, "", test.body); a.Code != test.code {
			t.Errorf("%s %.80s: code %d, want %d", test.region, test.body, a.Code, test.code)
		}
	}
	for ids, code := range map[string]int{"1": 12038011, strings.TrimSuffix(strings.Repeat("1,", 21), ","): 12038010} {
		if a := w.call(t, "GB", "GET", "/product/202506/images/translation_tasks", "translation_task_ids="+ids, ""); a.Code != code {
			t.Errorf("%.20s: code %d, want %d", ids, a.Code, code)
		}
	}
	for range 25 {
		w.translate(t, uri, many[:20]...)
	}
	if a := w.call(t, "GB", "POST", translationsPath, "", body(uri, "de-DE")); a.Code != 12038012 {
		t.Errorf("the 501st of a day: code %d", a.Code)
	}
	w.advance(t, "24h")
	w.translate(t, uri, "de-DE")
}

// A picture that is too small cannot be read.
func TestTranslationFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var picture struct{ URI string }
	w.upload(t, pngImage(t, 200, 400), "DESCRIPTION_IMAGE").into(t, &picture)
	ids := w.translate(t, picture.URI, "it-IT")
	w.advance(t, "1m")
	if task := w.translations(t, ids...)[0]; task.Status != "FAILED" || task.Reason == "" || task.Result.URI != "" {
		t.Errorf("%+v", task)
	}
}

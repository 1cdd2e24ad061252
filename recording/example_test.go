package recording_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/ttshop-go/ttshop/recording"
)

// The transport belongs into the HTTP client of a ttshop.Client; here a client of
// net/http stands for it, and a server of the test for the platform.
func ExampleRecorder_Transport() {
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"code":0,"data":{"shops":[{"cipher":"ROW_a1","name":"Maria's shop","region":"VN","seller_type":"LOCAL"}]}}`)
	}))
	defer platform.Close()
	dir, err := os.MkdirTemp("", "answers")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	recorder, err := recording.New(dir, recording.Options{Source: "VN, development shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &http.Client{Transport: recorder.Transport(nil)} // ttshop.WithHTTPClient(client)
	response, err := client.Get(platform.URL + "/authorization/202309/shops")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range recorder.Files() {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			fmt.Println(err)
			return
		}
		_, data, _ := strings.Cut(string(content), ",\n \"data\": ")
		fmt.Print(name, ": ", data)
	}
	fmt.Println("not recorded:", recorder.Err())
	// Output:
	// authorization_get_authorized_shops.json: {
	//   "shops": [
	//    {
	//     "cipher": "x",
	//     "name": "t",
	//     "region": "VN",
	//     "seller_type": "LOCAL"
	//    }
	//   ]
	//  }
	// }
	// not recorded: <nil>
}

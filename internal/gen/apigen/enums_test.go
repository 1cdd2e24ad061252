package apigen

import "testing"

// Where one page misspells a value, the constant has the value that works.
func TestConstantsAreSpelledRight(t *testing.T) {
	t.Parallel()
	for _, values := range [][]string{{"CALCELLED", "CANCELLED"}, {"CANCELLED", "CALCELLED"}} {
		e := &enum{name: "Status"}
		for _, value := range values {
			e.values = append(e.values, enumValue{value: value})
		}
		if err := e.nameConstants(map[string]string{}); err != nil {
			t.Fatal(err)
		}
		if len(e.values) != 1 || e.values[0].name != "StatusCancelled" || e.values[0].value != "CANCELLED" {
			t.Errorf("%v give %+v", values, e.values)
		}
	}
}

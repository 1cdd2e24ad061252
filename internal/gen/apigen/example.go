package apigen

import "fmt"

// An Example is the one runnable example of a package: what it calls in the
// sandbox, and what it prints.
type Example struct {
	Operation string `json:"operation"` // name of the Go method
	Client    string `json:"client"`    // Go expression on server, such as server.Shop("GB")
	Params    string `json:"params"`    // fields of the Params literal; empty passes nil
	Print     string `json:"print"`     // arguments of fmt.Println, about result
	Output    string `json:"output"`    // what they print
}

// exampleFile returns example_test.go, or nothing for a package without example.
func (d *Domain) exampleFile(examples map[string]Example) (string, error) {
	e, ok := examples[d.Name]
	if !ok {
		return "", nil
	}
	if d.method(e.Operation) == nil {
		return "", fmt.Errorf("the example of %s calls the unknown operation %s", d.Name, e.Operation)
	}
	params := ""
	switch {
	case e.Params != "":
		params = fmt.Sprintf(", &%s.%sParams{%s}", d.Package, e.Operation, e.Params)
	case len(d.method(e.Operation).params) > 0:
		params = ", nil"
	}
	w := new(writer)
	w.printf("package %s_test\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\t\"log\"\n\n", d.Package)
	w.printf("\t\"%s/api/%s\"\n\t\"%s/sandbox\"\n\t\"%s/sandbox/sandboxtest\"\n)\n\n", module, d.Package, module, module)
	w.printf("func ExampleService_%s() {\n", e.Operation)
	w.printf("\tserver, err := sandboxtest.Open(sandbox.Config{}) // the platform, on this machine\n")
	w.printf("\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tdefer server.Close()\n\n")
	w.printf("\tresult, err := %s.New(%s).%s(context.Background()%s)\n", d.Package, e.Client, e.Operation, params)
	w.printf("\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n")
	w.printf("\tfmt.Println(%s)\n\t// Output: %s\n}\n", e.Print, e.Output)
	return w.String(), nil
}

// method returns the operation with the name of a Go method, or nil.
func (d *Domain) method(name string) *Operation {
	for _, op := range d.typed() {
		if op.Name == name {
			return op
		}
	}
	return nil
}

// Package partial lists where an answer tells what failed although the call
// succeeded. Client and generator share it.
package partial

// Parts returns the members of data that tell what failed: lists of failures, of
// ids, and of results that have a reason where they failed.
func Parts() []string {
	return append(Lists(), "failed_materials", "failed_product_ids", "failed_conversation_ids", "failed_info",
		"update_failed", "publish_result", "publish_results", "bind_results", "import_result")
}

// Lists returns those of them that hold failures only.
func Lists() []string { return []string{"errors", "error_list"} }

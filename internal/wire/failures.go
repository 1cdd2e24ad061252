package wire

// FailureParts are the members of data in which the platform says what failed
// although the call succeeded: lists of failures, of ids, and of results that have
// a reason where they failed.
var FailureParts = [...]string{
	"errors", "error_list", "failed_materials", "failed_product_ids", "failed_conversation_ids", "failed_info",
	"update_failed", "publish_result", "publish_results", "bind_results", "import_result",
}

// FailureLists are those of them that hold failures only.
var FailureLists = FailureParts[:2]

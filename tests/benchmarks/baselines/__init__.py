"""yinju against BM25, its encoder alone and LangChain, on questions that no model was fitted on."""

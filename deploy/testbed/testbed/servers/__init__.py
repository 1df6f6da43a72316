"""Programs that the testbed brings itself, where no packaged one does the job."""

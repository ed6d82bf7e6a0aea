"""Records as other repositories export them: EPrints, InvenioRDM and Zenodo, Dataverse."""

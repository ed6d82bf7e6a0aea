"""A Dask cluster as a pool of workers. Dask is installed with the extra `dask`."""
